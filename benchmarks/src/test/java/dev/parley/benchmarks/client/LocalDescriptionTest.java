package dev.parley.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.dtls.DtlsIdentity;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LocalDescriptionTest {
  private final LocalDescription local =
      new LocalDescription(
          "ufrag123",
          "a-password-of-24-letters",
          DtlsIdentity.selfSigned(Instant.EPOCH, new SecureRandom()).fingerprint(),
          -2,
          "name");

  @Test
  void answerTakesTheOffersNamesAndOnlyReceives() {
    RemoteDescription offer = RemoteDescription.parse(RemoteDescriptionTest.JANUS_OFFER);

    String answer = local.answer(offer);

    assertThat(answer.lines())
        .contains(
            "a=group:BUNDLE a",
            "m=audio 9 UDP/TLS/RTP/SAVPF 96",
            "a=rtpmap:96 opus/48000/2",
            "a=mid:a",
            "a=recvonly",
            "a=setup:active",
            "a=ice-ufrag:ufrag123",
            "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid");
    assertThat(answer).doesNotContain("audio-level").doesNotContain("a=ssrc");
  }

  @Test
  void onlyTheFirstLineOfAnOfferSends() {
    assertThat(local.offer(3, true, false).lines())
        .contains("a=group:BUNDLE 0 1 2", "a=ssrc:4294967294 cname:name")
        .containsOnlyOnce("a=sendrecv");
  }

  @Test
  void whoAsksForLostPacketsSaysSoOnEachLine() {
    assertThat(local.offer(2, true, true).lines().filter("a=rtcp-fb:111 nack"::equals)).hasSize(2);
    assertThat(local.offer(2, true, false)).doesNotContain("rtcp-fb");
  }

  @Test
  void whoOnlyListensOffersNoStream() {
    assertThat(local.offer(1, false, false)).contains("a=recvonly").doesNotContain("a=ssrc");
  }
}
