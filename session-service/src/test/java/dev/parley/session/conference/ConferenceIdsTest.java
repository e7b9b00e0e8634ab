package dev.parley.session.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.harness.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ids of conferences are in the order in which they were made, and still cannot be guessed. */
final class ConferenceIdsTest {
  private final MovableClock clock = new MovableClock(Instant.parse("2026-11-21T04:00:00Z"));
  private final ConferenceIds ids = new ConferenceIds(new byte[32], clock);

  @Test
  void laterOnesComeAfterEarlierOnes() {
    List<String> made = new ArrayList<>();
    for (int step = 0; step < 40; step++) {
      made.add(ids.conference().value());
      clock.advance(Duration.ofMillis(1L << step));
    }

    assertThat(made).isSorted().allMatch(id -> id.matches("cf_[0-9A-HJKMNP-TV-Z]{26}"));
  }

  /** The layout of a ULID, whose example this time is from its specification. */
  @Test
  void theyBeginWithTheTime() {
    clock.advance(Duration.between(clock.instant(), Instant.ofEpochMilli(1_469_918_176_385L)));

    assertThat(ids.conference().value()).startsWith("cf_01ARYZ6S41");
  }

  @Test
  void thoseOfOneMomentDiffer() {
    HashSet<ConferenceId> made = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      assertThat(made.add(ids.conference())).isTrue();
    }
  }

  @Test
  void keyMakesTheSameIdAtAnyTime() {
    ConferenceId first = ids.conference("t", "once", null);
    clock.advance(Duration.ofDays(1));

    assertThat(ids.conference("t", "once", null)).isEqualTo(first);
    assertThat(ids.conference("t", "twice", null)).isNotEqualTo(first);
  }
}
