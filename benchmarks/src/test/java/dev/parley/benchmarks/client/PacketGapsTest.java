package dev.parley.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PacketGapsTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

  private final PacketGaps gaps = new PacketGaps();

  @Test
  void steadyPacketsAreTwentyMillisecondsApart() {
    for (int i = 0; i < 10; i++) {
      gaps.onPacket(i, i * 960, i * (20 * MS));
    }

    assertThat(gaps.gapUs().getTotalCount()).isEqualTo(9);
    assertThat(millis()).isEqualTo(20);
  }

  @Test
  void lossMakesAGap() {
    gaps.onPacket(65_535, 0, 0);
    gaps.onPacket(3, 4 * 960, 80 * MS);

    assertThat(millis()).isEqualTo(80);
  }

  @Test
  void silenceThatWasNotSentMakesNone() {
    gaps.onPacket(1, 0, 0);
    gaps.onPacket(2, 20 * 960, 400 * MS);

    assertThat(millis()).isEqualTo(20);
  }

  @Test
  void whatComesTooLateFillsNothing() {
    gaps.onPacket(1, 0, 0);
    gaps.onPacket(3, 2 * 960, 40 * MS);
    gaps.onPacket(2, 960, 45 * MS);

    assertThat(gaps.gapUs().getTotalCount()).isEqualTo(1);
    assertThat(millis()).isEqualTo(40);
  }

  private long millis() {
    return Math.round(gaps.gapUs().getMaxValue() / 1_000.0);
  }
}
