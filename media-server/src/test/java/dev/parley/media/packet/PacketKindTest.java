package dev.parley.media.packet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketKindTest {
  @ParameterizedTest
  @CsvSource({
    "0, 1, STUN",
    "3, 0, STUN",
    "4, 0, UNKNOWN",
    "19, 0, UNKNOWN",
    "20, 254, DTLS",
    "63, 254, DTLS",
    "64, 0, UNKNOWN",
    "127, 0, UNKNOWN",
    "128, 111, RTP",
    "191, 255, RTP",
    "128, 191, RTP",
    "128, 192, RTCP",
    "144, 200, RTCP",
    "191, 223, RTCP",
    "128, 224, RTP",
    "192, 0, UNKNOWN",
    "255, 255, UNKNOWN"
  })
  void edgesOfEachRangeAreToldApart(int firstByte, int secondByte, PacketKind kind) {
    assertThat(PacketKind.of(firstByte, secondByte)).isEqualTo(kind);
  }

  @Test
  void everyPairOfBytesHasAKind() {
    for (int bytes = 0; bytes < 0x10000; bytes++) {
      assertThat(PacketKind.of(bytes >>> 8, bytes & 0xFF)).isNotNull();
    }
  }
}
