package dev.parley.media.conference;

import static dev.parley.media.conference.TickSchedule.QUIET_TICKS;
import static dev.parley.media.conference.TickSchedule.REST_TICKS;
import static dev.parley.media.conference.TickSchedule.SLACK_NS;
import static dev.parley.media.conference.TickSchedule.TICK_NS;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class TickScheduleTest {
  private static final long FIRST_NS = 7_000_000L;

  private final ConferenceCounters counters = new ConferenceCounters();
  private final TickSchedule schedule = new TickSchedule(FIRST_NS);

  @Test
  void exactTicksAreDueEach20MsWhateverPacketsCome() {
    for (int tick = 0; tick < 100; tick++) {
      assertThat(schedule.dueNs()).isEqualTo(FIRST_NS + tick * TICK_NS);
      schedule.onPacket();
      assertThat(schedule.isPulled(schedule.dueNs())).isFalse();
      assertThat(tick(schedule.dueNs() + 1, true)).isZero();
    }
    assertThat(counters.get(ConferenceCounter.LATE_TICKS)).isZero();
  }

  @Test
  void exactTicksThatAreFarTooLateAreLeftOut() {
    tick(FIRST_NS, true);

    assertThat(tick(FIRST_NS + 10 * TICK_NS, true)).isEqualTo(9);
    assertThat(schedule.dueNs()).isEqualTo(FIRST_NS + 11 * TICK_NS);
    assertThat(counters.get(ConferenceCounter.LATE_TICKS)).isEqualTo(1);
    assertThat(counters.get(ConferenceCounter.SKIPPED_TICKS)).isEqualTo(9);
  }

  @Test
  void relaxedTicksComeWithPacketsHalfATickAroundTheirTime() {
    tick(FIRST_NS, false);
    long nextNs = FIRST_NS + TICK_NS;

    assertThat(schedule.isPulled(nextNs)).as("no packet").isFalse();
    schedule.onPacket();
    assertThat(schedule.isPulled(nextNs - SLACK_NS - 1)).isFalse();
    assertThat(schedule.isPulled(nextNs - SLACK_NS)).isTrue();
    assertThat(schedule.dueNs()).isEqualTo(nextNs + SLACK_NS);

    tick(nextNs - SLACK_NS, false);
    assertThat(schedule.isPulled(nextNs)).as("that packet was").isFalse();
    assertThat(schedule.dueNs()).isEqualTo(nextNs + TICK_NS + SLACK_NS);
  }

  /** Whatever the phase of a talker, each of his packets finds a tick of its own. */
  @Property
  void packetsOfAnyPhaseBringOneTickEach(@ForAll @LongRange(min = 0, max = TICK_NS) long phaseNs) {
    TickSchedule relaxed = new TickSchedule(FIRST_NS);
    int waited = 0;
    relaxed.begin(FIRST_NS, false, counters);
    relaxed.end(FIRST_NS, false);
    for (int packet = 0; packet < 50; packet++) {
      long nowNs = FIRST_NS + TICK_NS + phaseNs + packet * TICK_NS;
      if (relaxed.dueNs() < nowNs) {
        waited++;
        assertThat(relaxed.begin(relaxed.dueNs(), false, counters)).isZero();
        relaxed.end(relaxed.dueNs(), false);
      }
      relaxed.onPacket();
      assertThat(relaxed.isPulled(nowNs)).isTrue();
      assertThat(relaxed.begin(nowNs, false, counters)).isZero();
      relaxed.end(nowNs, false);
    }
    assertThat(waited).as("ticks that no packet came with").isLessThanOrEqualTo(1);
  }

  @Test
  void whereNobodyTalksEachFifthTickIsRunUntilSomebodyDoes() {
    long nowNs = FIRST_NS;
    for (int tick = 0; tick <= QUIET_TICKS; tick++) {
      nowNs = schedule.dueNs();
      tick(nowNs, false);
    }
    long restNs = (REST_TICKS + 1) * TICK_NS;

    assertThat(schedule.dueNs() - nowNs).isEqualTo(restNs);
    assertThat(schedule.hasRested(nowNs + restNs / 2)).isTrue();
    schedule.onPacket();
    assertThat(schedule.isPulled(nowNs + restNs / 2)).isTrue();
    assertThat(tick(nowNs + restNs / 2, false)).isEqualTo(2);
    assertThat(schedule.dueNs() - nowNs - restNs / 2).isBetween(TICK_NS, 2 * TICK_NS);
    assertThat(counters.get(ConferenceCounter.LATE_TICKS)).isZero();
    assertThat(counters.get(ConferenceCounter.SKIPPED_TICKS)).isZero();
  }

  @Test
  void ticksAreOfTheirPhaseAgainOnceSomethingIsMixed() {
    long nowNs = FIRST_NS;
    for (int tick = 0; tick <= QUIET_TICKS; tick++) {
      nowNs = schedule.dueNs();
      tick(nowNs, false);
    }
    nowNs += 3 * TICK_NS;
    schedule.beExact();

    assertThat(schedule.dueNs()).isLessThanOrEqualTo(nowNs);
    tick(nowNs, true);
    assertThat(Math.floorMod(schedule.dueNs() - FIRST_NS, TICK_NS)).isZero();
    assertThat(schedule.dueNs() - nowNs).isBetween(SLACK_NS, TICK_NS + SLACK_NS);
    assertThat(counters.get(ConferenceCounter.LATE_TICKS)).isZero();
  }

  @Test
  void aRelaxedTickTooLateIsCounted() {
    tick(FIRST_NS, false);

    tick(schedule.dueNs() + TICK_NS, false);

    assertThat(counters.get(ConferenceCounter.LATE_TICKS)).isEqualTo(1);
  }

  private int tick(long nowNs, boolean mustBeExact) {
    int skipped = schedule.begin(nowNs, mustBeExact, counters);
    schedule.end(nowNs, mustBeExact);
    return skipped;
  }
}
