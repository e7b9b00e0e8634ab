package dev.parley.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Descriptions as Janus 1.1.2 writes them; Parley's own are read by every other test. */
class RemoteDescriptionTest {
  /** Of a Streaming mountpoint. */
  static final String JANUS_OFFER =
      """
      v=0
      o=- 1795256948256541 1 IN IP4 127.0.0.1
      s=Mountpoint 1
      t=0 0
      a=group:BUNDLE a
      a=ice-options:trickle
      a=fingerprint:sha-256 5E:96:F4:D0:5C:E6:07:D1:1C:A2:6E:6C:F9:6C:\
      68:BA:48:3F:16:CA:F4:3F:AB:A0:E9:A3:66:DC:45:2F:FB:AC
      a=extmap-allow-mixed
      a=msid-semantic: WMS *
      a=ice-lite
      m=audio 9 UDP/TLS/RTP/SAVPF 96
      c=IN IP4 127.0.0.1
      a=sendonly
      a=mid:a
      a=rtcp-mux
      a=ice-ufrag:BPZI
      a=ice-pwd:nWc4QpKtEQlH68wj2dYe3l
      a=ice-options:trickle
      a=setup:actpass
      a=rtpmap:96 opus/48000/2
      a=rtcp-fb:96 transport-cc
      a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
      a=msid:janus janusa
      a=ssrc:3091405711 cname:janus
      a=candidate:1 1 udp 2015363327 198.18.7.2 36145 typ host
      a=end-of-candidates
      """;

  @Test
  void offerOfAServerIsReadAsItsAnswersAre() {
    RemoteDescription offer = RemoteDescription.parse(JANUS_OFFER);

    assertThat(offer.ufrag()).isEqualTo("BPZI");
    assertThat(offer.password()).isEqualTo("nWc4QpKtEQlH68wj2dYe3l");
    assertThat(offer.fingerprint().toString()).startsWith("sha-256 5E:96:F4").endsWith("FB:AC");
    assertThat(offer.candidates()).containsExactly(new InetSocketAddress("198.18.7.2", 36145));
    assertThat(offer.payloadType()).isEqualTo(96);
    assertThat(offer.midExtensionId()).isEqualTo(4);
    assertThat(offer.levelExtensionId()).isZero();
    assertThat(offer.nack()).isFalse();
    assertThat(offer.lines()).containsExactly(new RemoteDescription.Line("a", (int) 3091405711L));
  }

  @Test
  void serversThatSendAgainSaySo() {
    String offer = JANUS_OFFER.replace("96 transport-cc", "96 nack");

    assertThat(RemoteDescription.parse(offer).nack()).isTrue();
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatThrownBy(() -> RemoteDescription.parse(JANUS_OFFER.replace("a=ice-pwd", "a=x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ice-pwd");
    assertThatThrownBy(() -> RemoteDescription.parse(JANUS_OFFER.replace("a=candidate", "a=x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("candidate");
    assertThatThrownBy(() -> RemoteDescription.parse(JANUS_OFFER.replace("audio 9", "audio 0")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line");
  }
}
