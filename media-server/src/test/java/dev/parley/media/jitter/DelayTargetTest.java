package dev.parley.media.jitter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DelayTargetTest {
  private static final int MS = DelayTarget.TICKS_PER_MS;

  /** The same histogram, scaled down whole and summed up whole for each packet. */
  private static final class PlainTarget {
    private final double[] histogram = new double[DelayTarget.BUCKETS];
    private final int minTicks;
    private int bucket;

    PlainTarget(int minMs, int startTicks) {
      minTicks = minMs * MS;
      histogram[Math.max(0, startTicks / DelayTarget.BUCKET_TICKS - 1)] = 1;
    }

    int learn(long neededTicks) {
      double total = 0;
      for (int i = 0; i < histogram.length; i++) {
        histogram[i] /= DelayTarget.GROWTH;
      }
      bucket = (int) Math.min(histogram.length - 1, neededTicks / DelayTarget.BUCKET_TICKS);
      histogram[bucket] += 1;
      for (double share : histogram) {
        total += share;
      }
      double covered = histogram[0];
      int index = 0;
      while (index < histogram.length - 1 && covered < DelayTarget.COVERED * total) {
        covered += histogram[++index];
      }
      return Math.max(minTicks, (index + 1) * DelayTarget.BUCKET_TICKS);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "5, 2", "10, 3", "200, 4"})
  void walkingAlongIsTheSameAsSummingUpEachTime(int minMs, long seed) {
    Random random = new Random(seed);
    DelayTarget target = new DelayTarget(minMs);
    PlainTarget plain = new PlainTarget(minMs, target.ticks());
    double jitterMs = 1;
    int differing = 0;

    for (int i = 1; i < 60_000; i++) {
      if (i % 1_000 == 0) {
        jitterMs = Math.exp(random.nextDouble() * 6) / 2;
      }
      long transit = (long) (-Math.log(1 - random.nextDouble()) * jitterMs * MS);
      target.learn(transit);
      differing += target.ticks() == plain.learn(transit) ? 0 : 1;
    }

    // Where a bucket ends in just the share wanted, rounding may decide; the next packet does not.
    assertThat(differing).isLessThan(3);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 1", "5, 10, 5", "10, 20, 10", "60, 60, 60"})
  void networkThatDelaysAllAlikeIsKnownAfterThreeSeconds(int minMs, int startMs, int settledMs) {
    DelayTarget target = new DelayTarget(minMs);
    assertThat(target.ticks()).isEqualTo(startMs * MS);

    for (int i = 0; i < 160; i++) {
      target.onTransit(i * 960L, 77);
    }

    assertThat(target.ticks()).isEqualTo(settledMs * MS);
  }

  @Test
  void oneLatePacketIsNoReasonButTenAre() {
    DelayTarget target = new DelayTarget(5);
    for (int i = 0; i < 1_000; i++) {
      target.onTransit(i * 960L, i == 990 ? 80 * MS : 0);
    }
    assertThat(target.ticks()).isEqualTo(5 * MS);

    for (int i = 1_000; i < 1_010; i++) {
      target.onTransit(i * 960L, 80 * MS);
    }

    assertThat(target.ticks()).isEqualTo(81 * MS);
  }

  @Test
  void packetsHeldUpTogetherCountOnce() {
    DelayTarget target = new DelayTarget(5);
    for (int i = 0; i < 1_000; i++) {
      // 15 packets are let go at once when the last of them is sent.
      long arrivalTicks = (i >= 900 && i < 915 ? 914 : i) * 960L;
      target.onTransit(arrivalTicks, arrivalTicks - i * 960L);
    }

    assertThat(target.ticks()).isEqualTo(5 * MS);
  }

  @Test
  void bundlesAreWaitedForAsAWhole() {
    DelayTarget target = new DelayTarget(5);
    for (int i = 0; i < 1_000; i++) {
      // Three at a time.
      long arrivalTicks = i / 3 * 3L * 960 + 1_920;
      target.onTransit(arrivalTicks, arrivalTicks - i * 960L);
    }

    assertThat(target.ticks()).isEqualTo(41 * MS);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 200})
  void targetStaysInItsBounds(int minMs) {
    DelayTarget target = new DelayTarget(minMs);
    Random random = new Random(minMs);

    for (int i = 0; i < 5_000; i++) {
      target.onTransit(i * 960L, random.nextInt(2_000 * MS) - 1_000L * MS);
      assertThat(target.ticks()).isBetween(minMs * MS, DelayTarget.MAX_TICKS);
    }
  }
}
