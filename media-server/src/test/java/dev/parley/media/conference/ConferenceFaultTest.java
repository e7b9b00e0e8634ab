package dev.parley.media.conference;

import static dev.parley.media.conference.ConferenceRig.FORWARD;
import static dev.parley.media.conference.ConferenceRig.MIX;
import static dev.parley.media.conference.ConferenceRig.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.conference.ConferenceEvent.ClosedReason;
import dev.parley.media.conference.ConferenceEvent.ConferenceClosed;
import dev.parley.media.conference.ConferenceEvent.GoneReason;
import dev.parley.media.conference.ConferenceEvent.ParticipantConnected;
import dev.parley.media.conference.ConferenceEvent.ParticipantGone;
import dev.parley.media.conference.ConferenceEvent.SpeakersChanged;
import dev.parley.media.packet.Limits;
import dev.parley.media.packet.PeerState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConferenceFaultTest {
  private static final ConferenceDescription OTHER = new ConferenceDescription("other", 7, 3, 5);
  private static final double HEARD = 0.1;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void conferenceThatThrowsIsClosedAndOthersLiveOn(boolean throwsInTheTick) {
    try (ConferenceRig rig = new ConferenceRig(1)) {
      ModelClient alice = rig.join("alice", throwsInTheTick ? MIX : FORWARD).talk(400);
      ModelClient bob = rig.join("bob", throwsInTheTick ? MIX : FORWARD);
      ModelClient carol = rig.join(OTHER, "carol", MIX, true).talk(1000);
      ModelClient dave = rig.join(OTHER, "dave", MIX, true);
      rig.run(400);
      rig.takeEvents();

      carol.isSending = false;
      runUntilItThrows(rig);

      assertThat(rig.count(ConferenceCounter.CONFERENCES_FAILED)).isEqualTo(1);
      List<ConferenceEvent> events = rig.takeEvents();
      ConferenceClosed closed = (ConferenceClosed) events.getLast();
      assertThat(closed.reason()).isEqualTo(ClosedReason.FAILED);
      assertThat(closed.cause()).hasMessage("planted");
      String failed = closed.conferenceId();
      assertThat(events).filteredOn(ParticipantGone.class::isInstance).hasSize(2);
      assertThat(rig.removedPeers).hasSize(2);

      ModelClient talker = failed.equals("room") ? carol : alice;
      ModelClient listener = failed.equals("room") ? dave : bob;
      talker.isSending = true;
      rig.run(500);
      assertThat(listener.amplitudeOf(talker.toneHz, 300)).isGreaterThan(HEARD);
      assertThat(rig.count(ConferenceCounter.CONFERENCES)).isEqualTo(1);
      assertThat(rig.count(ConferenceCounter.PARTICIPANTS)).isEqualTo(2);
    }
  }

  @Test
  void claimLeftOpenByAConferenceThatThrewBlocksNobody() {
    try (ConferenceRig rig = new ConferenceRig(2)) {
      rig.join("loop-0", FORWARD);
      rig.join("loop-1", FORWARD);
      ModelClient talker = rig.join("loop-0 again", FORWARD).talk(400);
      rig.join("loop-1 again", FORWARD);
      ModelClient erin = rig.join(OTHER, "erin", FORWARD, true);
      ModelClient frank = rig.join(OTHER, "frank", FORWARD, true).talk(1000);
      rig.run(200);
      assertThat(List.of(talker.loop, erin.loop, frank.loop)).containsExactly(0, 0, 1);
      frank.isSending = false;

      runUntilItThrows(rig);
      frank.isSending = true;
      rig.run(300);

      assertThat(erin.amplitudeOf(1000, 200)).isGreaterThan(HEARD);
      assertThat(erin.heard).allMatch(heard -> heard.csrcs().equals(List.of(frank.csrc())));
    }
  }

  private static void runUntilItThrows(ConferenceRig rig) {
    rig.mustThrow = true;
    for (int i = 0; i < 500 && rig.count(ConferenceCounter.CONFERENCES_FAILED) == 0; i++) {
      rig.run(1);
    }
    rig.mustThrow = false;
  }

  @Test
  void conferenceMayComeAgainAfterItFailed() {
    try (ConferenceRig rig = new ConferenceRig(1)) {
      rig.join("alice", FORWARD).talk(400);
      rig.join("bob", FORWARD);
      rig.run(100);
      runUntilItThrows(rig);
      assertThat(rig.count(ConferenceCounter.CONFERENCES)).isZero();

      ConferenceDescription again = new ConferenceDescription("room", 2, 3, 5);
      rig.join(again, "carol", FORWARD, true).talk(1000);
      ModelClient dave = rig.join(again, "dave", FORWARD, true);
      rig.run(300);

      assertThat(dave.amplitudeOf(1000, 200)).isGreaterThan(HEARD);
    }
  }

  @Test
  void fullOutboundRingDropsAndCountsAndRecovers() {
    try (ConferenceRig rig = new ConferenceRig(1)) {
      ModelClient alice = rig.join("alice", MIX).talk(400);
      ModelClient bob = rig.join("bob", FORWARD);
      ModelClient carol = rig.join("carol", MIX);
      rig.run(200);
      rig.mustDrain = false;
      rig.run(30_000);
      long dropped = rig.count(ConferenceCounter.DROPPED_TARGETS);

      alice.toleratesGaps = true;
      bob.toleratesGaps = true;
      carol.toleratesGaps = true;
      rig.mustDrain = true;
      rig.run(1000);
      long droppedWhenDrained = rig.count(ConferenceCounter.DROPPED_TARGETS);

      assertThat(dropped).isPositive();
      assertThat(droppedWhenDrained - dropped).isLessThan(5);
      assertThat(bob.amplitudeOf(400, 500)).isGreaterThan(HEARD);
      assertThat(carol.amplitudeOf(400, 500)).isGreaterThan(HEARD);
    }
  }

  @Test
  void stateIsNeverLostHoweverFullTheEventQueueIs() {
    try (ConferenceRig rig = new ConferenceRig(1, 2)) {
      for (int i = 0; i < 20; i++) {
        ModelClient client = rig.join("p" + i, FORWARD);
        rig.state(client, PeerState.RECONNECTING);
        if (i % 2 == 0) {
          rig.state(client, PeerState.CLOSED_BY_PEER);
        }
      }
      assertThat(rig.count(ConferenceCounter.STATE_EVENTS_DELAYED)).isPositive();

      List<ConferenceEvent> events = new java.util.ArrayList<>();
      for (int i = 0; i < 40; i++) {
        events.addAll(rig.takeEvents());
        rig.run(1);
      }

      for (int i = 0; i < 20; i++) {
        String name = "p" + i;
        ConferenceEvent last =
            events.stream().filter(event -> nameOf(event).equals(name)).toList().getLast();
        assertThat(last instanceof ParticipantGone).as(name).isEqualTo(i % 2 == 0);
      }
    }
  }

  private static String nameOf(ConferenceEvent event) {
    return switch (event) {
      case ParticipantConnected connected -> connected.participantId();
      case ConferenceEvent.ParticipantReconnecting waiting -> waiting.participantId();
      case ParticipantGone gone -> gone.participantId();
      case ConferenceEvent.SessionGone gone -> gone.participantId();
      case ConferenceClosed closed -> closed.conferenceId();
      case ConferenceEvent.EncodersChanged encoders -> encoders.conferenceId();
      case SpeakersChanged speakers -> speakers.conferenceId();
      case ConferenceEvent.QualityMeasured quality -> quality.conferenceId();
    };
  }

  @Test
  void peersAreRemovedAsSoonAsTheirLoopTakesCommands() {
    try (ConferenceRig rig = new ConferenceRig(2)) {
      ModelClient alice = rig.join("alice", FORWARD);
      ModelClient bob = rig.join("bob", FORWARD);
      rig.isLoopBusy = true;
      rig.proxy.endConference("room");
      rig.run(50);
      assertThat(rig.removedPeers).isEmpty();

      rig.isLoopBusy = false;
      rig.run(1);

      assertThat(rig.removedPeers).containsExactlyInAnyOrder(alice.peerId, bob.peerId);
      assertThat(rig.takeEvents(ConferenceClosed.class))
          .containsExactly(new ConferenceClosed("room", 1, ClosedReason.ENDED, null));
    }
  }

  @Test
  void agentThatStoppedForAWhileLeavesTicksOutAndTimeGoesOn() {
    try (ConferenceRig rig = new ConferenceRig(1)) {
      rig.join("alice", MIX).talk(400);
      ModelClient bob = rig.join("bob", MIX);
      rig.run(400);
      ModelClient.Heard before = bob.heard.getLast();
      bob.forgetHeard();

      rig.nowNs += 500_000_000L;
      rig.run(400);

      assertThat(rig.count(ConferenceCounter.SKIPPED_TICKS)).isBetween(24L, 25L);
      assertThat(rig.count(ConferenceCounter.LATE_TICKS)).isEqualTo(1);
      ModelClient.Heard after = bob.heard.getLast();
      int elapsedMs = (int) ((after.atNs() - before.atNs()) / 1_000_000);
      assertThat((after.timestampTicks() - before.timestampTicks()) / 48)
          .isBetween(elapsedMs - 20, elapsedMs + 20);
      assertThat(bob.amplitudeOf(400, 200)).isGreaterThan(HEARD);
    }
  }

  @Test
  void emptyConferenceRunsNoTicks() {
    try (ConferenceRig rig = new ConferenceRig(1)) {
      rig.proxy.addConference(ROOM);
      rig.join(OTHER, "alice", FORWARD, true);
      rig.proxy.removeParticipant("other", "alice");
      rig.run(100);
      long ticks = rig.count(ConferenceCounter.TICKS);

      rig.run(1000);

      assertThat(rig.count(ConferenceCounter.TICKS)).isEqualTo(ticks);
      assertThat(rig.count(ConferenceCounter.CONFERENCES)).isEqualTo(2);
    }
  }

  @Test
  void commandsForWhatIsNotHereAreCounted() {
    try (ConferenceRig rig = new ConferenceRig(1)) {
      rig.proxy.removeParticipant("room", "alice");
      rig.proxy.mute("room", "alice", true);
      rig.proxy.endConference("room");
      rig.cycle();

      assertThat(rig.count(ConferenceCounter.COMMANDS_WITHOUT_TARGET)).isEqualTo(3);
      assertThat(rig.count(ConferenceCounter.CONFERENCES)).isZero();
    }
  }

  @Test
  void proxySaysBusyWhenTheAgentIsTooFarBehind() {
    ConferenceAgentProxy proxy = new ConferenceAgentProxy(() -> {});
    for (int i = 0; i < Limits.COMMANDS_MAX; i++) {
      assertThat(proxy.endConference("room")).isTrue();
    }

    assertThat(proxy.endConference("room")).isFalse();
  }

  @Test
  void fiveHundredReceiversGetOnePacketInFewMessages() {
    try (ConferenceRig rig = new ConferenceRig(2)) {
      ModelClient alice = rig.join("alice", FORWARD).talk(400);
      for (int i = 0; i < 500; i++) {
        rig.join(ROOM, "listener-" + i, FORWARD, false);
      }
      alice.isSending = false;
      rig.run(40);
      alice.send(rig.nowNs);
      rig.cycle();
      rig.run(20);
      rig.targetsOfMessages.clear();
      rig.wakes.clear();

      alice.send(rig.nowNs);
      rig.cycle();

      assertThat(rig.targetsOfMessages).containsExactlyInAnyOrder(128, 122, 128, 122);
      assertThat(rig.wakes).containsExactlyInAnyOrder(0, 1);
    }
  }

  @Test
  void speakersAreToldAtMostFourTimesASecondAndOnlyOnChange() {
    try (ConferenceRig rig = new ConferenceRig(1)) {
      ModelClient alice = rig.join("alice", FORWARD).talk(400);
      rig.join("bob", FORWARD);
      rig.run(100);
      SpeakersChanged first = rig.takeEvents(SpeakersChanged.class).getLast();
      assertThat(first.dominant()).isEqualTo("alice");

      rig.run(2000);
      rig.takeEvents();
      rig.run(2000);
      assertThat(rig.takeEvents(SpeakersChanged.class)).as("steady talk").isEmpty();

      for (int i = 0; i < 100; i++) {
        alice.amplitude = i % 2 == 0 ? 0.3 : 0.01;
        rig.run(40);
      }
      assertThat(rig.takeEvents(SpeakersChanged.class)).hasSizeBetween(2, 17);

      alice.isSending = false;
      rig.run(4000);
      SpeakersChanged last = rig.takeEvents(SpeakersChanged.class).getLast();
      assertThat(last.dominant()).isNull();
      assertThat(last.levels()).isEmpty();
    }
  }

  @Test
  void closingTheAgentEndsEverything() {
    ConferenceRig rig = new ConferenceRig(1);
    rig.join("alice", MIX).talk(400);
    rig.join("bob", MIX);
    rig.run(300);
    rig.takeEvents();

    rig.close();

    assertThat(rig.takeEvents())
        .containsExactly(new ConferenceClosed("room", 1, ClosedReason.SHUTDOWN, null));
    assertThat(rig.removedPeers).hasSize(2);
    assertThat(rig.takeEvents(ParticipantGone.class)).isEmpty();
    assertThat(GoneReason.values()).hasSize(6);
  }
}
