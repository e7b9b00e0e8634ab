package dev.parley.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryTrendTest {
  private static final long MEBI = 1L << 20;

  private final MemoryTrend trend = new MemoryTrend();

  @Test
  void sawtoothIsFlat() {
    for (int i = 0; i < 300; i++) {
      trend.add((200 + 40 * (i % 7)) * MEBI);
    }

    assertThat(trend.isLongEnough()).isTrue();
    assertThat(trend.isFlat()).isTrue();
  }

  @Test
  void growthDuringWarmUpIsForgiven() {
    for (int i = 0; i < 400; i++) {
      trend.add(Math.min(i * 10L, 900) * MEBI);
    }

    assertThat(trend.isFlat()).isTrue();
  }

  @Test
  void slowLeakIsSeen() {
    for (int i = 0; i < 360; i++) {
      trend.add((300 + i / 4) * MEBI);
    }

    assertThat(trend.isFlat()).isFalse();
  }

  @Test
  void fewSamplesAreNotJudged() {
    trend.add(MEBI);

    assertThat(trend.isLongEnough()).isFalse();
  }
}
