package dev.parley.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReceptionStatisticsTest {
  private static final long FRAME_NS = 20_000_000;

  private final ReceptionStatistics statistics = new ReceptionStatistics();

  @Property(tries = 100)
  void lossAgreesWithAPlainSet(
      @ForAll long seed,
      @ForAll @IntRange(max = 65535) int first,
      @ForAll @IntRange(max = 50) int lossPercent) {
    Random random = new Random(seed);
    TreeSet<Integer> arrived = new TreeSet<>();
    statistics.reset(1);
    statistics.onPacket(first, 0, 0);
    arrived.add(0);
    for (int i = 1; i < 2000; i++) {
      if (random.nextInt(100) >= lossPercent) {
        statistics.onPacket((first + i) & 0xFFFF, 960 * i, FRAME_NS * i);
        arrived.add(i);
      }
    }

    int lost = arrived.last() + 1 - arrived.size();
    assertThat(statistics.cumulativeLost()).isEqualTo(lost);
    assertThat(statistics.hasLost()).isEqualTo(lost > 0);
    assertThat(statistics.takeFractionLost()).isEqualTo(256 * lost / (arrived.last() + 1));
    assertThat(statistics.takeFractionLost()).isZero();
    assertThat(statistics.hasLost()).isFalse();
    assertThat(statistics.extendedHighestSequenceNumber()).isEqualTo(first + arrived.last());
    assertThat(statistics.jitterTicks()).isZero();
  }

  @Test
  void reorderedPacketsAreNotLost() {
    statistics.reset(1);
    for (int sequenceNumber : new int[] {65534, 0, 65535, 2, 1}) {
      statistics.onPacket(sequenceNumber, 0, 0);
    }

    assertThat(statistics.cumulativeLost()).isZero();
    assertThat(statistics.extendedHighestSequenceNumber()).isEqualTo(0x10002);
  }

  @Test
  void duplicatesMakeTheLossNegative() {
    statistics.reset(1);
    statistics.onPacket(1, 0, 0);
    statistics.onPacket(1, 0, 0);

    assertThat(statistics.cumulativeLost()).isEqualTo(-1);
    assertThat(statistics.takeFractionLost()).isZero();
  }

  @Test
  void strayIsForgottenAndRestartIsFollowed() {
    statistics.reset(1);
    statistics.onPacket(10, 0, 0);
    statistics.onPacket(30_000, 0, 0);
    statistics.onPacket(11, 0, 0);
    assertThat(statistics.extendedHighestSequenceNumber()).isEqualTo(11);

    statistics.onPacket(40_000, 0, 0);
    statistics.onPacket(40_001, 0, 0);

    assertThat(statistics.extendedHighestSequenceNumber()).isEqualTo(40_001);
    assertThat(statistics.cumulativeLost()).isZero();
  }

  @Test
  void jitterApproachesTheMeanDeviation() {
    statistics.reset(1);
    for (int i = 0; i < 1000; i++) {
      // Every other packet is 5 ms late: consecutive transits differ by 240 ticks.
      statistics.onPacket(i, 960 * i, FRAME_NS * i + (i & 1) * 5_000_000L);
    }

    assertThat(statistics.jitterTicks()).isBetween(230, 240);
  }

  @Test
  void wildTimestampsDoNotOverflowTheJitter() {
    statistics.reset(1);
    for (int i = 0; i < 1000; i++) {
      statistics.onPacket(i, i % 2 == 0 ? Integer.MIN_VALUE : 0, Long.MAX_VALUE - 1000 + i);
    }

    assertThat(statistics.jitterTicks()).isBetween(0, 48_000);
  }

  @Test
  void delayRunsFromTheLastSenderReport() {
    statistics.reset(1);
    assertThat(statistics.delaySinceLastSenderReport(5)).isZero();

    statistics.onSenderReport(0x0000_1234_5678_0000L, 1_000_000_000L);

    assertThat(statistics.lastSenderReport()).isEqualTo(0x1234_5678);
    assertThat(statistics.delaySinceLastSenderReport(1_500_000_000L)).isEqualTo(0x8000);
  }
}
