package dev.parley.media.conference;

import static dev.parley.media.conference.ConferenceRig.FORWARD;
import static dev.parley.media.conference.ConferenceRig.MIX;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TickPatienceTest {
  private static final long TICK_NS = Conference.TICK_NS;

  @Test
  void whereNobodyHearsAMixTicksComeWithPackets() {
    try (ConferenceRig rig = new ConferenceRig(1)) {
      rig.join("alice", FORWARD).talk(400);
      rig.join("bob", FORWARD);
      rig.run(400);
      long ticksBefore = rig.count(ConferenceCounter.TICKS);

      int wakes = wakes(rig, 2_000);

      assertThat(wakes).as("beside those for packets").isZero();
      assertThat(rig.count(ConferenceCounter.TICKS) - ticksBefore).isBetween(99L, 101L);
      assertThat(rig.count(ConferenceCounter.LATE_TICKS)).isZero();
      assertThat(rig.count(ConferenceCounter.SKIPPED_TICKS)).isZero();
    }
  }

  @Test
  void withoutPacketsTicksComeByThemselves() {
    try (ConferenceRig rig = new ConferenceRig(1)) {
      rig.join("alice", FORWARD);
      rig.run(400);
      long ticksBefore = rig.count(ConferenceCounter.TICKS);

      assertThat(wakes(rig, 2_000)).isBetween(49, 101);

      assertThat(rig.count(ConferenceCounter.TICKS) - ticksBefore).isBetween(98L, 101L);
      assertThat(rig.count(ConferenceCounter.LATE_TICKS)).isZero();
    }
  }

  @Test
  void whereAMixIsHeardTicksWaitForNothing() {
    try (ConferenceRig rig = new ConferenceRig(1)) {
      rig.join("alice", FORWARD).talk(400);
      rig.run(400);
      wakes(rig, 500);

      rig.join("bob", MIX);
      for (int ms = 0; ms < 1_000; ms++) {
        assertThat(rig.agent.restNs()).isLessThanOrEqualTo(TICK_NS);
        rig.run(1);
      }

      assertThat(rig.count(ConferenceCounter.LATE_TICKS)).isZero();
      assertThat(rig.count(ConferenceCounter.SKIPPED_TICKS)).isZero();
    }
  }

  /** Lets time pass as a media thread would, and returns how often it woke for the agent alone. */
  private static int wakes(ConferenceRig rig, int durationMs) {
    int wakes = 0;
    long untilNs = rig.nowNs + durationMs * 1_000_000L;
    long wakeNs = rig.nowNs + rig.agent.restNs();
    while (rig.nowNs < untilNs) {
      rig.nowNs += 1_000_000L;
      boolean hasPacket = false;
      for (ModelClient client : rig.clients.values()) {
        int before = client.inbound.size();
        client.sendIfDue(rig.nowNs);
        hasPacket |= client.inbound.size() != before;
      }
      boolean isDue = rig.nowNs - wakeNs >= 0;
      if (hasPacket || isDue) {
        wakes += hasPacket ? 0 : 1;
        rig.cycle();
        wakeNs = rig.nowNs + rig.agent.restNs();
      }
    }
    return wakes;
  }
}
