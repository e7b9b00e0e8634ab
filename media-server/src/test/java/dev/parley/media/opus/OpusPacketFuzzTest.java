package dev.parley.media.opus;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.agrona.concurrent.UnsafeBuffer;

final class OpusPacketFuzzTest {
  @FuzzTest
  void whateverCanBeWrappedHasASaneDuration(byte[] bytes) {
    OpusPacket packet = new OpusPacket();
    if (packet.wrap(new UnsafeBuffer(bytes), 0, bytes.length)) {
      assertThat(packet.frameCount()).isBetween(1, 48);
      assertThat(packet.durationSamples()).isBetween(120, 5_760);
      assertThat(packet.durationSamples() % 120).isZero();
      assertThat(packet.mode()).isNotNull();
      assertThat(packet.bandwidth()).isNotNull();
    }
  }
}
