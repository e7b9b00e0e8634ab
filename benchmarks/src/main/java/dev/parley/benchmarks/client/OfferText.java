package dev.parley.benchmarks.client;

import dev.parley.media.dtls.CertificateFingerprint;

/**
 * Writes our SDP offer: one bundled transport, Opus, the first line both ways and the rest to
 * receive (JSEP, RFC 8829). No candidates: the server learns our address from the checks, as it
 * does of browsers without a microphone.
 */
final class OfferText {
  static final int PAYLOAD_TYPE = 111;
  static final int LEVEL_EXTENSION_ID = 1;
  static final int MID_EXTENSION_ID = 4;

  private static final String LEVEL_URI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
  private static final String MID_URI = "urn:ietf:params:rtp-hdrext:sdes:mid";

  private final StringBuilder text = new StringBuilder(1_024);

  private OfferText() {}

  static String write(
      int lines,
      String ufrag,
      String password,
      CertificateFingerprint fingerprint,
      int ssrc,
      String cname) {
    OfferText offer = new OfferText();
    offer
        .line("v=0")
        .line("o=- " + (ssrc & 0xFFFF_FFFFL) + " 1 IN IP4 127.0.0.1")
        .line("s=-")
        .line("t=0 0");
    StringBuilder bundle = new StringBuilder("a=group:BUNDLE");
    for (int mid = 0; mid < lines; mid++) {
      bundle.append(' ').append(mid);
    }
    offer.line(bundle.toString());
    for (int mid = 0; mid < lines; mid++) {
      offer
          .line("m=audio 9 UDP/TLS/RTP/SAVPF " + PAYLOAD_TYPE)
          .line("c=IN IP4 0.0.0.0")
          .line("a=rtcp:9 IN IP4 0.0.0.0");
      offer.line("a=mid:" + mid).line(mid == 0 ? "a=sendrecv" : "a=recvonly").line("a=rtcp-mux");
      offer
          .line("a=ice-ufrag:" + ufrag)
          .line("a=ice-pwd:" + password)
          .line("a=ice-options:trickle");
      offer.line("a=fingerprint:" + fingerprint).line("a=setup:actpass");
      offer
          .line("a=extmap:" + LEVEL_EXTENSION_ID + ' ' + LEVEL_URI)
          .line("a=extmap:" + MID_EXTENSION_ID + ' ' + MID_URI);
      offer.line("a=rtpmap:" + PAYLOAD_TYPE + " opus/48000/2");
      offer.line("a=fmtp:" + PAYLOAD_TYPE + " minptime=10;useinbandfec=1");
      if (mid == 0) {
        offer
            .line("a=msid:voice voice")
            .line("a=ssrc:" + (ssrc & 0xFFFF_FFFFL) + " cname:" + cname);
      }
    }
    return offer.text.toString();
  }

  private OfferText line(String content) {
    text.append(content).append("\r\n");
    return this;
  }
}
