package dev.parley.media.sdp;

import java.util.List;

/**
 * Writes the answer: an ICE-lite, DTLS-passive end with one transport for all served lines. Holds
 * no state but its text under construction.
 */
public final class SdpAnswer {
  private final NegotiatedSession session;
  private final LocalTransport transport;
  private final String cname;
  private final List<Long> ssrcs;
  private final StringBuilder text = new StringBuilder(2048);
  private int slot;

  private SdpAnswer(
      NegotiatedSession session, LocalTransport transport, String cname, List<Long> ssrcs) {
    this.session = session;
    this.transport = transport;
    this.cname = cname;
    this.ssrcs = ssrcs;
  }

  /**
   * Renders the answer.
   *
   * @param sessionId for {@code o=}, at least 0; unique to this session
   * @param cname names the server in RTCP (RFC 7022), token characters
   * @param ssrcs unsigned, one for each of {@link NegotiatedSession#sendingLines} in order
   */
  public static String render(
      NegotiatedSession session,
      LocalTransport transport,
      long sessionId,
      String cname,
      List<Long> ssrcs) {
    if (ssrcs.size() != session.sendingLines().size()) {
      throw new IllegalArgumentException("one SSRC for each sending line: " + ssrcs.size());
    }
    if (!SdpText.isToken(cname) || sessionId < 0) {
      throw new IllegalArgumentException("not fit for a line: " + cname + " " + sessionId);
    }
    return new SdpAnswer(session, transport, cname, ssrcs).render(sessionId);
  }

  private String render(long sessionId) {
    line("v=0");
    line("o=- " + sessionId + " 1 IN IP4 0.0.0.0");
    line("s=-");
    line("t=0 0");
    if (!session.bundle().isEmpty()) {
      line("a=group:BUNDLE " + String.join(" ", session.bundle()));
    }
    line("a=ice-lite");
    NegotiatedLine.Audio tagged = session.taggedLine();
    for (NegotiatedLine negotiated : session.lines()) {
      switch (negotiated) {
        case NegotiatedLine.Rejected rejected -> rejected(rejected);
        case NegotiatedLine.Audio audio -> {
          audio(audio);
          if (audio.index() == tagged.index()) {
            candidates();
          }
        }
      }
    }
    return text.toString();
  }

  private void rejected(NegotiatedLine.Rejected rejected) {
    line("m=" + rejected.media() + " 0 " + rejected.protocol() + ' ' + rejected.format());
    line("c=IN IP4 0.0.0.0");
    if (!rejected.mid().isEmpty()) {
      line("a=mid:" + rejected.mid());
    }
    line("a=inactive");
  }

  private void audio(NegotiatedLine.Audio audio) {
    int payloadType = audio.payloadType();
    HostCandidate first = transport.candidates().getFirst();
    line("m=audio " + first.port() + ' ' + audio.protocol() + ' ' + formats(audio));
    line("c=" + first.connection());
    if (!audio.mid().isEmpty()) {
      line("a=mid:" + audio.mid());
    }
    line("a=" + audio.direction().token());
    line("a=rtcp-mux");
    // RFC 9725 §4.4.1 demands it of WHIP's answers, and it is true of all.
    line("a=rtcp-mux-only");
    // RFC 8829 leaves these out of all but the tagged line; every browser writes them on each, and
    // other clients look for them there.
    line("a=ice-ufrag:" + transport.ice().ufrag());
    line("a=ice-pwd:" + transport.ice().password());
    line("a=ice-options:ice2");
    line("a=fingerprint:" + transport.fingerprint());
    line("a=setup:passive");
    line("a=rtpmap:" + payloadType + " opus/48000/2");
    line("a=fmtp:" + payloadType + ' ' + formatParameters(audio.opus()));
    NegotiatedLine.Red red = audio.red();
    if (red != null) {
      line("a=rtpmap:" + red.payloadType() + " red/48000/2");
      line("a=fmtp:" + red.payloadType() + ' ' + payloadType + '/' + payloadType);
    }
    if (audio.nack()) {
      line("a=rtcp-fb:" + payloadType + " nack");
    }
    line("a=ptime:20");
    for (HeaderExtension extension : audio.extensions()) {
      extension(extension);
    }
    if (audio.direction().sends()) {
      long ssrc = ssrcs.get(slot);
      // A stream for each slot: a client that plays one may still move or mute the others.
      String msid = "parley-" + slot + " speaker-" + slot;
      slot++;
      line("a=msid:" + msid);
      line("a=ssrc:" + ssrc + " cname:" + cname);
      line("a=ssrc:" + ssrc + " msid:" + msid);
    }
  }

  /** In the client's order (RFC 3264 §6.1): a browser sends what the answer names first. */
  private static String formats(NegotiatedLine.Audio audio) {
    NegotiatedLine.Red red = audio.red();
    if (red == null) {
      return Integer.toString(audio.payloadType());
    }
    return red.isPreferred()
        ? red.payloadType() + " " + audio.payloadType()
        : audio.payloadType() + " " + red.payloadType();
  }

  /**
   * What our decoder wants (RFC 7587 §7.1): two channels only of a client that said it may send
   * them, since the word alone makes Chromium double its bitrate; and whether we may send them.
   */
  private static String formatParameters(OpusParameters offered) {
    StringBuilder parameters = new StringBuilder("minptime=10;useinbandfec=1");
    if (offered.senderStereo()) {
      parameters.append(";stereo=1");
    }
    if (offered.stereo()) {
      parameters.append(";sprop-stereo=1");
    }
    if (offered.dtx()) {
      parameters.append(";usedtx=1");
    }
    return parameters.toString();
  }

  private void extension(HeaderExtension extension) {
    boolean both = extension.direction() == Direction.SENDRECV;
    line(
        "a=extmap:"
            + extension.id()
            + (both ? "" : '/' + extension.direction().token())
            + ' '
            + extension.kind().uri()
            + (extension.attributes().isEmpty() ? "" : ' ' + extension.attributes()));
  }

  private void candidates() {
    for (int i = 0; i < transport.candidates().size(); i++) {
      line("a=candidate:" + transport.candidates().get(i).attribute(i));
    }
    line("a=end-of-candidates");
  }

  private void line(String content) {
    text.append(content).append("\r\n");
  }
}
