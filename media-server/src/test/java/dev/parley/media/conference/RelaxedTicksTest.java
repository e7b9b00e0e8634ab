package dev.parley.media.conference;

import static dev.parley.media.conference.ConferenceRig.FORWARD;
import static dev.parley.media.conference.ConferenceRig.MIX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.conference.ConferenceEvent.SpeakersChanged;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where all that is done is to forward, ticks come with packets, and rarely without. */
final class RelaxedTicksTest {
  private static final double ALICE_HZ = 400;
  private static final long TICK_NS = TickSchedule.TICK_NS;

  private final ConferenceRig rig = new ConferenceRig(1);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void aTickIsRunAfterThePacketsItComesWithHaveGone() {
    ModelClient alice = rig.join("alice", FORWARD);
    ModelClient bob = rig.join("bob", FORWARD);
    rig.run(100);
    alice.talk(ALICE_HZ);
    long ticks = rig.count(ConferenceCounter.TICKS);

    alice.send(rig.nowNs);
    int work = rig.agent.doWork();

    assertThat(work).as("the packet").isEqualTo(1);
    assertThat(rig.count(ConferenceCounter.TICKS)).isEqualTo(ticks);
    assertThat(rig.agent.restNs()).isZero();
    rig.cycle();
    assertThat(bob.heard).hasSize(1);
    assertThat(rig.count(ConferenceCounter.TICKS)).isEqualTo(ticks + 1);
    assertThat(rig.agent.restNs()).isBetween(TICK_NS, 2 * TICK_NS);
  }

  @Test
  void whileSomebodyTalksTheAgentWakesForPacketsAlone() {
    rig.join("alice", FORWARD).talk(ALICE_HZ);
    rig.join("bob", FORWARD);
    rig.run(100);
    long ticks = rig.count(ConferenceCounter.TICKS);
    long packets = rig.count(ConferenceCounter.PACKETS_RECEIVED);

    int wakes = 0;
    long endNs = rig.nowNs + TimeUnit.SECONDS.toNanos(2);
    while (rig.nowNs < endNs) {
      long restNs = rig.agent.restNs();
      assertThat(restNs).isPositive();
      long untilPacketNs = TICK_NS - Math.floorMod(rig.nowNs, TICK_NS);
      wakes += restNs < untilPacketNs ? 1 : 0;
      rig.run((int) TimeUnit.NANOSECONDS.toMillis(untilPacketNs));
    }

    assertThat(rig.count(ConferenceCounter.PACKETS_RECEIVED) - packets).isEqualTo(100);
    assertThat(rig.count(ConferenceCounter.TICKS) - ticks).isEqualTo(100);
    assertThat(wakes).as("without a packet").isZero();
  }

  @Test
  void whereNobodyTalksTicksAreRare() {
    rig.join("alice", FORWARD);
    rig.join("bob", FORWARD);
    rig.run(500);
    long ticks = rig.count(ConferenceCounter.TICKS);

    rig.run(2000);

    assertThat(rig.count(ConferenceCounter.TICKS) - ticks).isEqualTo(20);
  }

  @Test
  void aClickAfterSilenceIsNoSpeech() {
    ModelClient alice = rig.join("alice", FORWARD);
    rig.join("bob", FORWARD);
    alice.amplitude = 0;
    alice.send(rig.nowNs);
    rig.run(3095);
    rig.takeEvents();

    alice.talk(ALICE_HZ).amplitude = 0.1f;
    alice.send(rig.nowNs);
    alice.amplitude = 0;
    rig.run(1000);

    assertThat(rig.takeEvents(SpeakersChanged.class)).isEmpty();
  }

  @Test
  void speechAfterSilenceIsToldWithinItsThirdFrame() {
    ModelClient alice = rig.join("alice", FORWARD);
    rig.join("bob", FORWARD);
    rig.run(3095);
    rig.takeEvents();

    alice.talk(ALICE_HZ);
    rig.run(60);

    assertThat(rig.takeEvents(SpeakersChanged.class)).isNotEmpty();
  }

  @Test
  void aMixThatBeginsInSilenceTicksInTimeAtOnce() {
    rig.join("alice", FORWARD);
    rig.run(3095);
    ModelClient bob = rig.join("bob", MIX);
    long ticks = rig.count(ConferenceCounter.TICKS);
    bob.forgetHeard();

    rig.run(1000);

    assertThat(rig.count(ConferenceCounter.TICKS) - ticks).isBetween(50L, 51L);
    assertThat(rig.count(ConferenceCounter.LATE_TICKS)).isZero();
    assertThat(rig.count(ConferenceCounter.SKIPPED_TICKS)).isZero();
  }
}
