package dev.parley.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FailureLimiterTest {
  private static final long SECOND_NS = 1_000_000_000L;

  private final FailureLimiter limiter = new FailureLimiter();

  @Test
  void fiftyFailuresInASecondAreForgiven() {
    for (int i = 0; i < 50; i++) {
      limiter.onFailure(i);
    }
    assertThat(limiter.isOverLimit(50)).isFalse();

    limiter.onFailure(50);
    assertThat(limiter.isOverLimit(51)).isTrue();
  }

  @Test
  void aQuietSecondLiftsTheBan() {
    for (int i = 0; i < 60; i++) {
      limiter.onFailure(0);
    }

    assertThat(limiter.isOverLimit(SECOND_NS - 1)).isTrue();
    assertThat(limiter.isOverLimit(SECOND_NS)).isFalse();
  }

  @Property(tries = 50)
  void agreesWithACountOfTheLastSecond(
      @ForAll @IntRange(min = 1, max = 40_000_000) int stepNs, @ForAll long startNs) {
    FailureLimiter ours = new FailureLimiter();
    TreeMap<Long, Integer> model = new TreeMap<>();
    // The clock may wrap; the model counts from 0.
    for (long elapsedNs = 0; elapsedNs < 3L * stepNs * 60; elapsedNs += stepNs) {
      boolean over =
          model.tailMap(elapsedNs - SECOND_NS, false).size()
              > FailureLimiter.FAILURES_PER_SECOND_MAX;
      assertThat(ours.isOverLimit(startNs + elapsedNs)).isEqualTo(over);
      ours.onFailure(startNs + elapsedNs);
      model.put(elapsedNs, 1);
    }
  }
}
