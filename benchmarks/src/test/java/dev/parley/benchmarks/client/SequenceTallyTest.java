package dev.parley.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SequenceTallyTest {
  /** Against a set of all that was received, through several roll-overs. */
  @Property(tries = 50)
  void agreesWithASet(@ForAll long seed, @ForAll @IntRange(max = 65_535) int first) {
    Random random = new Random(seed);
    SequenceTally tally = new SequenceTally();
    Set<Long> received = new HashSet<>();
    long duplicates = 0;
    long highest = first;
    tally.onPacket(first);
    received.add((long) first);
    for (int i = 0; i < 20_000; i++) {
      long next =
          Math.max(
              first,
              highest + (random.nextInt(10) == 0 ? -random.nextInt(100) : 1 + random.nextInt(8)));
      highest = Math.max(highest, next);
      tally.onPacket((int) next & 0xFFFF);
      duplicates += received.add(next) ? 0 : 1;
    }

    assertThat(tally.received()).isEqualTo(received.size());
    assertThat(tally.duplicates()).isEqualTo(duplicates);
    assertThat(tally.missing()).isEqualTo(highest - first + 1 - received.size());
    assertThat(tally.restarts()).isZero();
  }
}
