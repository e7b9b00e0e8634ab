package dev.parley.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SdpAnswerTest {
  @ParameterizedTest
  @CsvSource({
    "chromium-forward,RTC",
    "chromium-data-first,RTC",
    "chromium-whip,WHIP",
    "chromium-listener,WHEP",
    "firefox-forward,RTC",
    "firefox-mix,RTC",
    "ios-sdk-mix,RTC"
  })
  void answerIsAsKept(String name, NegotiationRules.Profile profile) {
    NegotiationRules rules =
        new NegotiationRules(
            profile, NegotiationRules.Wish.AUTO, 3, profile != NegotiationRules.Profile.WHEP);

    String answer = Offers.answer(Offers.accept(Offers.offer(name), rules));

    assertThat(answer).isEqualToNormalizingNewlines(Offers.read("answers/" + name + ".sdp"));
    assertThat(answer.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
  }

  @Test
  void stereoIsOfferedOnlyToThoseWhoAsked() {
    assertThat(fmtpFor("minptime=10")).isEqualTo("minptime=10;useinbandfec=1");
    assertThat(fmtpFor("stereo=1")).isEqualTo("minptime=10;useinbandfec=1;sprop-stereo=1");
    assertThat(fmtpFor("sprop-stereo=1")).isEqualTo("minptime=10;useinbandfec=1;stereo=1");
    assertThat(fmtpFor("usedtx=1")).isEqualTo("minptime=10;useinbandfec=1;usedtx=1");
  }

  private static String fmtpFor(String offered) {
    String offer = Offers.SMALL.replace("minptime=10", offered);
    String answer = Offers.answer(Offers.accept(offer, Offers.RTC));
    int start = answer.indexOf("a=fmtp:111 ") + "a=fmtp:111 ".length();
    return answer.substring(start, answer.indexOf('\r', start));
  }

  @Test
  void nackIsAnsweredWhereItIsOfferedForOpusAndWeSend() {
    assertThat(answerTo("a=rtcp-fb:111 nack\n")).contains("\r\na=rtcp-fb:111 nack\r\n");
    assertThat(answerTo("a=rtcp-fb:* nack\n")).contains("\r\na=rtcp-fb:111 nack\r\n");
    assertThat(answerTo("a=rtcp-fb:96 nack\n")).doesNotContain("rtcp-fb");
    assertThat(answerTo("a=rtcp-fb:111 nack pli\n")).doesNotContain("rtcp-fb");
    assertThat(answerTo("a=rtcp-fb:111 transport-cc\n")).doesNotContain("rtcp-fb");
    assertThat(answerTo("a=rtcp-fb:111\n")).doesNotContain("rtcp-fb");
    assertThat(answerTo("a=rtcp-fb:111 nack\na=sendonly\n")).doesNotContain("rtcp-fb");
  }

  @Test
  void redStandsWhereTheClientPutIt() {
    String red = "a=rtpmap:63 red/48000/2\na=fmtp:63 111/111\n";
    String preferred = Offers.SMALL.replace("SAVPF 111", "SAVPF 63 111") + red;
    String offered = Offers.SMALL.replace("SAVPF 111", "SAVPF 111 9 63") + red;

    assertThat(Offers.answer(Offers.accept(preferred, Offers.RTC)))
        .contains("SAVPF 63 111\r\n", "\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n");
    assertThat(Offers.answer(Offers.accept(offered, Offers.RTC))).contains("SAVPF 111 63\r\n");
  }

  private static String answerTo(String moreLines) {
    return Offers.answer(Offers.accept(Offers.SMALL + moreLines, Offers.RTC));
  }

  @Test
  void candidatesFallInPriority() {
    HostCandidate candidate = HostCandidate.udp("203.0.113.5", 20000);

    assertThat(candidate.attribute(0)).isEqualTo("1 1 udp 2130706431 203.0.113.5 20000 typ host");
    assertThat(candidate.attribute(1)).isEqualTo("2 1 udp 2130706175 203.0.113.5 20000 typ host");
  }

  /** RFC 6544 §4.2, §4.5: below all candidates by UDP but relayed ones, and to be dialled. */
  @Test
  void candidatesByTcpComeAfterThoseByUdp() {
    HostCandidate candidate = HostCandidate.tcp("203.0.113.5", 20000);

    assertThat(candidate.attribute(1))
        .isEqualTo("2 1 tcp 1520434943 203.0.113.5 20000 typ host tcptype passive");
    assertThat(candidate.attribute(2))
        .isEqualTo("3 1 tcp 1520434687 203.0.113.5 20000 typ host tcptype passive");
  }

  @Test
  void wrongNumberOfSsrcsIsAProgrammersError() {
    NegotiatedSession session = Offers.accept(Offers.SMALL, Offers.RTC);
    LocalTransport transport =
        new LocalTransport(
            new IceCredentials("SRVR0001", "serverPasswordOf24Chars+"),
            new Fingerprint(Fingerprint.Algorithm.SHA_256, new byte[32]),
            List.of(HostCandidate.udp("::1", 1)));

    assertThatThrownBy(() -> SdpAnswer.render(session, transport, 1, "c", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SdpAnswer.render(session, transport, 1, "c\r\n", List.of(1L)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> HostCandidate.udp("example.org", 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
