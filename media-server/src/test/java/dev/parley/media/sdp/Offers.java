package dev.parley.media.sdp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The offers and answers kept as test resources, and a small offer to change at will. */
final class Offers {
  static final List<String> ALL =
      List.of(
          "chromium-audio-video-data",
          "chromium-data-first",
          "chromium-forward",
          "chromium-forward-stereo",
          "chromium-listener",
          "chromium-mix",
          "chromium-no-candidate",
          "chromium-no-microphone",
          "chromium-whip",
          "firefox-audio-video-data",
          "firefox-data-first",
          "firefox-forward",
          "firefox-forward-stereo",
          "firefox-listener",
          "firefox-mix",
          "firefox-no-candidate",
          "firefox-no-microphone",
          "firefox-whip",
          "ios-sdk-mix",
          "safari-forward",
          "safari-mix");

  static final NegotiationRules RTC =
      new NegotiationRules(NegotiationRules.Profile.RTC, NegotiationRules.Wish.AUTO, 3, true);
  static final NegotiationRules WHIP =
      new NegotiationRules(NegotiationRules.Profile.WHIP, NegotiationRules.Wish.AUTO, 3, true);
  static final NegotiationRules WHEP =
      new NegotiationRules(NegotiationRules.Profile.WHEP, NegotiationRules.Wish.AUTO, 3, false);

  /** Line numbers matter to the tests: the m-line is line 6. */
  static final String SMALL =
      """
      v=0
      o=- 1 1 IN IP4 127.0.0.1
      s=-
      t=0 0
      a=group:BUNDLE a
      m=audio 9 UDP/TLS/RTP/SAVPF 111
      c=IN IP4 0.0.0.0
      a=mid:a
      a=rtcp-mux
      a=ice-ufrag:abcd
      a=ice-pwd:abcdefghijklmnopqrstuv
      a=fingerprint:sha-256 \
      00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F
      a=setup:actpass
      a=rtpmap:111 opus/48000/2
      a=fmtp:111 minptime=10
      """;

  private Offers() {}

  static String offer(String name) {
    return read("offers/" + name + ".sdp");
  }

  static String read(String name) {
    try (InputStream stream =
        Objects.requireNonNull(Offers.class.getResourceAsStream(name), name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static NegotiatedSession accept(String offer, NegotiationRules rules) {
    return switch (Negotiator.negotiate(offer, rules)) {
      case Negotiation.Accepted accepted -> accepted.session();
      case Negotiation.Refused refused -> throw new AssertionError(refused);
    };
  }

  static Negotiation.Refused refuse(String offer, NegotiationRules rules) {
    return switch (Negotiator.negotiate(offer, rules)) {
      case Negotiation.Accepted accepted -> throw new AssertionError(accepted);
      case Negotiation.Refused refused -> refused;
    };
  }

  static String answer(NegotiatedSession session) {
    byte[] hash = new byte[32];
    for (int i = 0; i < hash.length; i++) {
      hash[i] = (byte) (0xE0 + i);
    }
    LocalTransport transport =
        new LocalTransport(
            new IceCredentials("SRVR0001", "serverPasswordOf24Chars+"),
            new Fingerprint(Fingerprint.Algorithm.SHA_256, hash),
            List.of(
                HostCandidate.udp("203.0.113.5", 20000),
                HostCandidate.udp("2001:db8::5", 20000),
                HostCandidate.udp("127.0.0.1", 20000)));
    List<Long> ssrcs =
        session.sendingLines().stream().map(line -> 4_000_000_000L + line.index()).toList();
    return SdpAnswer.render(session, transport, 77, "server-cname", ssrcs);
  }
}
