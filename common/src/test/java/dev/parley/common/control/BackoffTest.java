package dev.parley.common.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class BackoffTest {
  @Property(tries = 100)
  void pausesDoubleUpToTheLongestAndHalfIsChance(@ForAll long seed) {
    Backoff backoff = new Backoff(100, 5000, new Random(seed));

    for (long ceiling : new long[] {100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000}) {
      assertThat(backoff.nextDelayNs()).isBetween(ceiling / 2, ceiling);
    }
    backoff.reset();
    assertThat(backoff.nextDelayNs()).isBetween(50L, 100L);
  }
}
