package dev.parley.session.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** How long a failed delivery waits. */
final class RetryScheduleTest {
  @Property(tries = 200)
  void delayIsWithinAFifthOfFiveSecondsToADay(
      @ForAll @IntRange(min = 1, max = 60) int failures,
      @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double drawn) {
    Duration delay = RetrySchedule.delay(failures, always(drawn));
    Duration usual = RetrySchedule.delay(failures, always(0.5));

    assertThat(usual).isBetween(Duration.ofSeconds(5), Duration.ofHours(24));
    assertThat(delay.toMillis())
        .isBetween(Math.round(usual.toMillis() * 0.8), Math.round(usual.toMillis() * 1.2));
  }

  @Property(tries = 20)
  void delayGrowsUntilItIsADay(@ForAll @IntRange(min = 1, max = 20) int failures) {
    Duration usual = RetrySchedule.delay(failures, always(0.5));
    Duration next = RetrySchedule.delay(failures + 1, always(0.5));

    assertThat(next).isGreaterThanOrEqualTo(usual);
    assertThat(failures == 1).isEqualTo(usual.equals(Duration.ofSeconds(5)));
    assertThat(failures >= 10).isEqualTo(usual.equals(Duration.ofHours(24)));
  }

  private static RandomGenerator always(double drawn) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new UnsupportedOperationException();
      }

      @Override
      public double nextDouble() {
        return drawn;
      }
    };
  }
}
