package dev.parley.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with an offer is said with the line and what to do. */
class OfferFaultTest {
  /** Old text, new text, the line named, words of the sentence. */
  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of("v=0", "v=1", 1, "v=0"),
        Arguments.of("v=0\n", "", 1, "v=0"),
        Arguments.of("o=- 1 1 IN IP4 127.0.0.1", "o=- 1", 2, "six fields"),
        Arguments.of("s=-\n", "", 3, "s=-"),
        Arguments.of("t=0 0\n", "", 5, "t=0 0"),
        Arguments.of("c=IN", "x=IN", 7, "x= does not belong"),
        Arguments.of("c=IN IP4 0.0.0.0", "c", 7, "lower-case letter"),
        Arguments.of("c=IN IP4 0.0.0.0", "", 7, "lower-case letter"),
        Arguments.of("c=IN IP4 0.0.0.0", "c=\u0000", 7, "control character"),
        Arguments.of("c=IN", "c=" + "x".repeat(2050), 7, "Shorten"),
        Arguments.of("audio 9 ", "audio 99999 ", 6, "port"),
        Arguments.of("audio 9 ", "audio -9 ", 6, "port"),
        Arguments.of("SAVPF 111", "SAVPF", 6, "1 to 128 formats"),
        Arguments.of("SAVPF 111", "SAVPF  111", 6, "single spaces"),
        Arguments.of("BUNDLE a", "BUNDLE a b", 5, "mid once"),
        Arguments.of("BUNDLE a", "BUNDLE a a", 5, "mid once"),
        Arguments.of("a=group:BUNDLE a", "a=group:BUNDLE a\na=group:BUNDLE a", 6, "one BUNDLE"),
        Arguments.of("a=mid:a", "a=mid:", 8, "token"),
        Arguments.of("a=mid:a", "a=mid:" + "a".repeat(17), 8, "1 to 16"),
        Arguments.of("a=mid:a", "a=mid:a\na=mid:a", 9, "Keep one"),
        Arguments.of("a=rtcp-mux\n", "", 6, "a=rtcp-mux"),
        Arguments.of("a=rtcp-mux", "a=sendrecv\na=inactive", 10, "Keep one"),
        Arguments.of("a=rtcp-mux", "a=rtcp-mux\na=inactive", 0, "send or receive"),
        Arguments.of("a=ice-ufrag:abcd\n", "", 10, "together"),
        Arguments.of("ice-ufrag:abcd", "ice-ufrag:abc", 10, "4 to 256"),
        Arguments.of("ice-ufrag:abcd", "ice-ufrag:ab d", 10, "4 to 256"),
        Arguments.of("ice-pwd:abcdefghijklmnopqrstuv", "ice-pwd:short", 11, "22 to 256"),
        Arguments.of("sha-256 00:01", "sha-256 00:0", 12, "32 pairs"),
        Arguments.of("sha-256 00:01", "sha-256 00-01", 12, "32 pairs"),
        Arguments.of("sha-256 00:01", "sha-3-256 00:01", 12, "sha-256, sha-384"),
        Arguments.of("setup:actpass", "setup:passive", 13, "actpass"),
        Arguments.of("a=setup:actpass\n", "", 6, "a=setup:actpass"),
        Arguments.of("opus/48000/2", "opus/48000", 6, "opus/48000/2"),
        Arguments.of("a=rtpmap:111", "a=rtpmap:211", 14, "0 to 127"),
        Arguments.of("111", "72", 6, "64 to 95"),
        Arguments.of("minptime=10", "stereo=yes", 15, "stereo=0"),
        Arguments.of("minptime=10", "maxaveragebitrate=-1", 15, "6000 to 510000"),
        Arguments.of("minptime=10", "minptime=10\na=maxptime:10", 16, "20 or more"),
        Arguments.of("minptime=10", "minptime=10\na=maxptime:x", 16, "milliseconds"),
        Arguments.of("minptime=10", "minptime=10\na=extmap:0 urn:x", 16, "a=extmap"),
        Arguments.of("minptime=10", "minptime=10\na=extmap:1/up urn:x", 16, "a=extmap"),
        Arguments.of("minptime=10", "x\na=extmap:1 urn:x\na=extmap:1 urn:y", 17, "id of its own"),
        Arguments.of("minptime=10", "minptime=10\na=ssrc:4294967296 cname:x", 16, "4294967295"),
        Arguments.of("m=audio", "m=video", 0, "audio line with Opus"),
        Arguments.of("UDP/TLS/RTP/SAVPF", "RTP/AVP", 6, "UDP/TLS/RTP/SAVPF"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void isNamedWithItsLine(String oldText, String newText, int line, String words) {
    assertThat(Offers.SMALL).contains(oldText);

    Negotiation.Refused refused = Offers.refuse(Offers.SMALL.replace(oldText, newText), Offers.RTC);

    assertThat(refused.detail()).contains(words).endsWith(".");
    assertThat(refused.line()).isEqualTo(line);
  }

  @Test
  void emptyAndHugeOffersAreRefused() {
    assertThat(Offers.refuse("", Offers.RTC).detail()).contains("v=0");
    assertThat(Offers.refuse("\r\n", Offers.RTC).detail()).contains("v=0");
    assertThat(Offers.refuse("v=0\n".repeat(20_000), Offers.RTC).detail()).contains("65536");
  }

  @Test
  void tooManyLinesAreRefused() {
    String media = "m=video 9 UDP/TLS/RTP/SAVPF 96\n";

    assertThat(Offers.refuse(Offers.SMALL + media.repeat(64), Offers.RTC))
        .isEqualTo(new Negotiation.Refused("Offer at most 64 m= lines.", 15 + 64));
  }

  @Test
  void idsMustAgreeAcrossAGroup() {
    String media = Offers.SMALL.substring(Offers.SMALL.indexOf("m="));
    String offer =
        Offers.SMALL.replace("BUNDLE a", "BUNDLE a b")
            + "a=extmap:1 urn:x\n"
            + media.replace("mid:a", "mid:b")
            + "a=extmap:1 urn:y\n";

    assertThat(Offers.refuse(offer, Offers.RTC).detail()).contains("all lines of the BUNDLE");
  }

  @Test
  void secondCertificateIsRefused() {
    String other = "a=fingerprint:sha-256 " + "FF:".repeat(31) + "FF\n";

    assertThat(Offers.refuse(Offers.SMALL + other, Offers.RTC).detail())
        .contains("one certificate");
  }

  @Test
  void trailingBlankLinesAreNoFault() {
    Offers.accept(Offers.SMALL + "\r\n\r\n", Offers.RTC);
    Offers.accept(Offers.SMALL.strip(), Offers.RTC);
  }

  @Test
  void lineEndingsMayBeEither() {
    NegotiatedSession withLf = Offers.accept(Offers.SMALL, Offers.RTC);
    NegotiatedSession withCrlf = Offers.accept(Offers.SMALL.replace("\n", "\r\n"), Offers.RTC);

    assertThat(withCrlf).isEqualTo(withLf);
    assertThat(Arrays.asList(withLf.remoteIce().toString().split("=")))
        .noneMatch(part -> part.contains("abcdefghij"));
  }
}
