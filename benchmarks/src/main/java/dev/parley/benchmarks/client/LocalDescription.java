package dev.parley.benchmarks.client;

import dev.parley.media.dtls.CertificateFingerprint;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Our end of a session, and the descriptions of it that we write (JSEP, RFC 8829): one bundled
 * transport, and Opus. No candidates: the server learns our address from the checks, as it does of
 * browsers without a microphone. We only know how to shake hands as DTLS's client, and say so.
 *
 * @param ufrag of our ICE agent
 * @param password of it
 * @param fingerprint of our certificate
 * @param ssrc of our stream
 * @param cname our name in RTCP
 */
record LocalDescription(
    String ufrag, String password, CertificateFingerprint fingerprint, int ssrc, String cname) {
  static final int PAYLOAD_TYPE = 111;
  static final int LEVEL_EXTENSION_ID = 1;
  static final int MID_EXTENSION_ID = 4;

  private static final String LEVEL_URI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
  private static final String MID_URI = "urn:ietf:params:rtp-hdrext:sdes:mid";

  /** With everything drawn that others may not guess, and what tells our stream from others. */
  static LocalDescription drawn(SplittableRandom random, CertificateFingerprint fingerprint) {
    return new LocalDescription(
        iceChars(random, 8),
        iceChars(random, 24),
        fingerprint,
        random.nextInt(),
        iceChars(random, 16));
  }

  private static String iceChars(SplittableRandom random, int count) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    StringBuilder text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  /**
   * Writes an offer.
   *
   * @param lines audio lines, all of which may receive
   * @param sends whether the first also sends
   * @param nack whether lost packets shall be asked for (RFC 4585 section 4.2)
   */
  String offer(int lines, boolean sends, boolean nack) {
    List<String> mids = IntStream.range(0, lines).mapToObj(Integer::toString).toList();
    Writer writer = new Writer(mids);
    for (String mid : mids) {
      boolean isVoice = sends && mid.equals(mids.getFirst());
      writer.audio(PAYLOAD_TYPE, mid, isVoice ? "sendrecv" : "recvonly");
      writer.extension(LEVEL_EXTENSION_ID, LEVEL_URI).extension(MID_EXTENSION_ID, MID_URI);
      if (nack) {
        writer.line("a=rtcp-fb:" + PAYLOAD_TYPE + " nack");
      }
      if (isVoice) {
        writer
            .line("a=msid:voice voice")
            .line("a=ssrc:" + (ssrc & 0xFFFF_FFFFL) + " cname:" + cname);
      }
    }
    return writer.text.toString();
  }

  /** Writes an answer to a server that only sends: each of its lines is received. */
  String answer(RemoteDescription offer) {
    List<String> mids = offer.lines().stream().map(RemoteDescription.Line::mid).toList();
    Writer writer = new Writer(mids);
    for (String mid : mids) {
      writer.audio(offer.payloadType(), mid, "recvonly");
      writer
          .extension(offer.levelExtensionId(), LEVEL_URI)
          .extension(offer.midExtensionId(), MID_URI);
    }
    return writer.text.toString();
  }

  private final class Writer {
    private final StringBuilder text = new StringBuilder(1_024);

    Writer(List<String> mids) {
      line("v=0");
      line("o=- " + (ssrc & 0xFFFF_FFFFL) + " 1 IN IP4 127.0.0.1");
      line("s=-");
      line("t=0 0");
      line("a=group:BUNDLE " + String.join(" ", mids));
    }

    void audio(int payloadType, String mid, String direction) {
      line("m=audio 9 UDP/TLS/RTP/SAVPF " + payloadType);
      line("c=IN IP4 0.0.0.0");
      line("a=rtcp:9 IN IP4 0.0.0.0");
      line("a=mid:" + mid).line("a=" + direction).line("a=rtcp-mux");
      line("a=ice-ufrag:" + ufrag).line("a=ice-pwd:" + password);
      line("a=ice-options:trickle");
      line("a=fingerprint:" + fingerprint).line("a=setup:active");
      line("a=rtpmap:" + payloadType + " opus/48000/2");
      line("a=fmtp:" + payloadType + " minptime=10;useinbandfec=1");
    }

    /** Leaves out an extension that the other side does not have: identifier 0. */
    Writer extension(int id, String uri) {
      return id == 0 ? this : line("a=extmap:" + id + ' ' + uri);
    }

    Writer line(String content) {
      text.append(content).append("\r\n");
      return this;
    }
  }
}
