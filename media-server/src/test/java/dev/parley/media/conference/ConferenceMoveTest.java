package dev.parley.media.conference;

import static dev.parley.media.conference.ConferenceRig.FORWARD;
import static dev.parley.media.conference.ConferenceRig.FORWARD_RED;
import static dev.parley.media.conference.ConferenceRig.MIX;
import static dev.parley.media.conference.ConferenceRig.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.conference.ConferenceEvent.GoneReason;
import dev.parley.media.conference.ConferenceEvent.ParticipantConnected;
import dev.parley.media.conference.ConferenceEvent.ParticipantGone;
import dev.parley.media.conference.ModelClient.Heard;
import dev.parley.media.packet.Limits;
import dev.parley.media.packet.PeerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A conference that is moved goes on as if nothing had happened. */
class ConferenceMoveTest {
  private static final int TALK_MS = 1_500;

  /** Of what was sent, so many packets are to be had again. */
  private static final int LATEST = 60;

  private static final ConferenceDescription OTHER = new ConferenceDescription("other", 1, 3, 5);
  private static final ConferenceEvent FILLER = new ParticipantConnected("filler", 1, "nobody");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everybodyHearsWhatHeWouldHaveHeardAnyway(long seed) {
    Map<String, List<Heard>> unmoved = heardInACall(seed, 0);
    Map<String, List<Heard>> moved = heardInACall(seed, 7);

    assertThat(moved).isEqualTo(unmoved);
  }

  /** The same talk in any case; every so many milliseconds the conference is moved. */
  private static Map<String, List<Heard>> heardInACall(long seed, int moveEachMs) {
    try (MovingRig rig = new MovingRig(seed)) {
      ModelClient alice = rig.join("alice", FORWARD).talk(400);
      ModelClient bob = rig.join("bob", MIX).talk(700);
      ModelClient carol = rig.join("carol", MIX);
      ModelClient dora = rig.join("dora", FORWARD_RED);
      ModelClient ed = rig.join("ed", FORWARD).talk(1100);
      ed.redundancy = 1;
      bob.losesOneIn = 9;
      rig.clients.values().forEach(client -> client.toleratesGaps = true);
      for (int ms = 0; ms < TALK_MS; ms++) {
        rig.pass();
        bob.amplitude = ms / 400 % 2 == 0 ? 0.3 : 0;
        alice.isSending = ms < 700 || ms > 1100;
        if (ms % 250 == 0) {
          dora.report(60);
          carol.report(40);
        }
        if (moveEachMs > 0 && ms % moveEachMs == 0) {
          rig.beginMove((rig.home + 1) % MovingRig.AGENTS);
        }
        rig.settle();
      }
      long moves = moveEachMs > 0 ? (TALK_MS + moveEachMs - 1) / moveEachMs : 0;
      assertThat(rig.count(ConferenceCounter.CONFERENCES_TAKEN_OVER)).isEqualTo(moves);
      Map<String, List<Heard>> heard = new TreeMap<>();
      rig.clients.forEach((name, client) -> {
        assertThat(client.heard).as(name).hasSizeGreaterThan(40);
        heard.put(name, List.copyOf(client.heard));
      });
      return heard;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void noPacketIsLostOrComesTwiceOrOutOfTurn(long seed) {
    try (MovingRig rig = new MovingRig(seed)) {
      ModelClient alice = rig.join("alice", FORWARD).talk(400);
      ModelClient bob = rig.join("bob", FORWARD).talk(700);
      ModelClient carol = rig.join("carol", FORWARD);
      ModelClient dora = rig.join("dora", MIX);
      int moves = 0;

      // A step or none for a thread in a millisecond: what is under way at one moment is manifold.
      for (int ms = 0; ms < TALK_MS; ms++) {
        rig.pass();
        if (!rig.isMoving() && rig.random.nextInt(4) == 0) {
          rig.beginMove((rig.home + 1 + rig.random.nextInt(2)) % MovingRig.AGENTS);
          moves++;
        }
        for (int steps = rig.random.nextInt(12); steps > 0; steps--) {
          rig.step();
        }
      }
      rig.settle();

      // Clients have checked that each packet is the next.
      int sent = TALK_MS / 20;
      assertThat(carol.heard).hasSize(2 * sent);
      assertThat(alice.heard).hasSize(sent);
      assertThat(bob.heard).hasSize(sent);
      assertThat(dora.heard.size()).isBetween(sent - 5, sent);
      assertThat(moves).isGreaterThan(20);
      assertThat(rig.count(ConferenceCounter.CONFERENCES_TAKEN_OVER)).isEqualTo(moves);
      assertThat(rig.count(ConferenceCounter.PACKETS_RECEIVED)).isEqualTo(2L * sent);
      assertThat(rig.count(ConferenceCounter.PACKETS_OF_UNKNOWN_PEERS)).isZero();
      assertThat(rig.count(ConferenceCounter.CONFERENCES_FAILED)).isZero();
      assertThat(rig.counters.get(rig.home).get(ConferenceCounter.CONFERENCES)).isEqualTo(1);
      assertThat(rig.counters.get(rig.home).get(ConferenceCounter.PARTICIPANTS)).isEqualTo(4);
      assertThat(rig.count(ConferenceCounter.CONFERENCES)).isEqualTo(1);
      assertThat(rig.count(ConferenceCounter.PARTICIPANTS)).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33, 34, 35})
  void commandsReachTheConferenceInTheirOrder(long seed) {
    try (MovingRig rig = new MovingRig(seed)) {
      rig.join("alice", FORWARD).talk(400);
      List<String> admitted = new ArrayList<>();
      rig.events.clear();
      for (int i = 0; i < 20; i++) {
        rig.beginMove((rig.home + 1) % MovingRig.AGENTS);
        stepSometimes(rig);
        String name = "guest-" + i;
        ModelClient guest = rig.admit(name, i % 2 == 0 ? FORWARD : MIX);
        admitted.add(name);
        stepSometimes(rig);
        // His news may be there before the conference.
        rig.tell(guest, PeerState.CONNECTED);
        rig.proxy().mute(ROOM.conferenceId(), "alice", true);
        rig.proxy().mute(ROOM.conferenceId(), "alice", false);
        if (i % 3 == 0) {
          rig.proxy().removeParticipant(ROOM.conferenceId(), name);
        }
        rig.pass();
        rig.settle();
      }

      List<String> connected = new ArrayList<>();
      List<String> gone = new ArrayList<>();
      rig.events.drain(event -> {
        switch (event) {
          case ParticipantConnected one -> connected.add(one.participantId());
          case ParticipantGone one -> gone.add(one.participantId());
          default -> {
            // Who speaks is no matter.
          }
        }
      });
      assertThat(gone).hasSize(7);
      assertThat(connected)
          .isSubsetOf(admitted)
          .containsAll(admitted.stream().filter(name -> !gone.contains(name)).toList());
      assertThat(rig.count(ConferenceCounter.COMMANDS_WITHOUT_TARGET)).isZero();
      assertThat(rig.count(ConferenceCounter.PARTICIPANTS)).isEqualTo(1 + 20 - 7);
    }
  }

  private static void stepSometimes(MovingRig rig) {
    for (int steps = rig.random.nextInt(10); steps > 0; steps--) {
      rig.step();
    }
  }

  @Test
  void whatWasSentBeforeIsSentAgainAfter() {
    try (MovingRig rig = new MovingRig(1)) {
      rig.join("alice", MIX).talk(400);
      ModelClient bob = rig.join("bob", MIX).talk(1000);
      ModelClient carol = rig.join("carol", FORWARD);
      ModelClient dora = rig.join("dora", MIX);
      rig.run(600);
      fallSilent(rig, bob, dora);

      rig.beginMove(2);
      rig.settle();

      for (ModelClient listener : List.of(bob, carol, dora)) {
        List<Heard> wanted = listener.lastHeard(LATEST);
        wanted.forEach(heard -> listener.askAgain(heard.line(), heard.sequenceNumber()));
        rig.settle();
        assertThat(listener.heardAgain)
            .as(listener.name)
            .usingRecursiveFieldByFieldElementComparatorIgnoringFields("atNs")
            .containsExactlyElementsOf(wanted);
      }
      assertThat(rig.count(ConferenceCounter.RETRANSMISSIONS_NOT_KEPT)).isZero();
    }
  }

  /** Until he hears what another hears; what he heard before lies in an output given back. */
  private static void fallSilent(MovingRig rig, ModelClient talker, ModelClient listener) {
    talker.amplitude = 0;
    for (int ms = 0; !payload(talker).equals(payload(listener)); ms += 20) {
      assertThat(ms).as("he falls silent").isLessThan(5_000);
      rig.run(20);
    }
    rig.run(200);
  }

  private static String payload(ModelClient client) {
    return client.heard.getLast().content().payload();
  }

  @Test
  void outputThatAnotherConferenceHasTakenIsNotAskedAnyMore() {
    try (MovingRig rig = new MovingRig(1)) {
      rig.join("alice", MIX).talk(400);
      ModelClient bob = rig.join("bob", MIX).talk(1000);
      ModelClient dora = rig.join("dora", MIX);
      rig.run(600);
      fallSilent(rig, bob, dora);
      List<Heard> wanted = bob.lastHeard(LATEST);
      // Hears a mix, for which an encoder is wanted: that which bob has given back.
      rig.join(OTHER, "ed", MIX);
      rig.run(20);

      rig.beginMove(2);
      rig.settle();
      wanted.forEach(heard -> bob.askAgain(heard.line(), heard.sequenceNumber()));
      rig.settle();

      assertThat(bob.heardAgain).isNotEmpty().hasSizeLessThan(LATEST);
      assertThat(rig.count(ConferenceCounter.RETRANSMISSIONS_NOT_KEPT))
          .isEqualTo(LATEST - bob.heardAgain.size());
    }
  }

  @Test
  void otherConferencesOfBothAgentsGoOn() {
    try (MovingRig rig = new MovingRig(4)) {
      rig.join("alice", FORWARD).talk(400);
      rig.join(OTHER, "ed", FORWARD).talk(700);
      ModelClient fay = rig.join(OTHER, "fay", FORWARD);
      rig.beginMove(1);
      rig.run(200);
      rig.home = 0;
      ModelClient guy = rig.join(OTHER, "guy", MIX);
      rig.home = 1;
      rig.run(200);

      assertThat(fay.heard).hasSize(20);
      assertThat(guy.heard).isNotEmpty();
      assertThat(rig.counters.get(0).get(ConferenceCounter.CONFERENCES)).isEqualTo(1);
      assertThat(rig.counters.get(1).get(ConferenceCounter.CONFERENCES)).isEqualTo(1);
    }
  }

  @Test
  void moveWaitsForLoopsThatAreBehindWhileTheConferenceGoesOn() {
    try (MovingRig rig = new MovingRig(5)) {
      rig.join("alice", FORWARD).talk(400);
      ModelClient bob = rig.join("bob", FORWARD);
      rig.areLoopsBusy = true;
      rig.beginMove(1);
      runUnsettled(rig, 200);
      assertThat(rig.isMoving()).isTrue();
      assertThat(bob.heard).hasSize(10);

      rig.areLoopsBusy = false;
      rig.settle();

      assertThat(rig.hasMoved()).isTrue();
      assertThat(rig.agents.get(1).restNs()).isPositive();
    }
  }

  private static void runUnsettled(MovingRig rig, int durationMs) {
    for (int ms = 0; ms < durationMs; ms++) {
      rig.pass();
      for (int steps = 0; steps < 50; steps++) {
        rig.step();
      }
    }
  }

  @Test
  void moveWaitsUntilWhatWasToldIsTold() {
    try (MovingRig rig = new MovingRig(6)) {
      ModelClient alice = rig.join("alice", FORWARD);
      rig.events.clear();
      while (rig.events.offer(FILLER)) {
        // Until it is full.
      }
      rig.tell(alice, PeerState.RECONNECTING);
      rig.agents.forEach(ConferenceAgent::doWork);
      rig.beginMove(1);
      for (int steps = 0; steps < 500; steps++) {
        rig.step();
      }
      assertThat(rig.isMoving()).isTrue();

      rig.events.clear();
      rig.settle();

      assertThat(rig.hasMoved()).isTrue();
      assertThat(rig.events).hasSize(1);
    }
  }

  @Test
  void conferenceThatEndedBeforeIsNotMoved() {
    try (MovingRig rig = new MovingRig(7)) {
      rig.join("alice", FORWARD);
      rig.proxy().endConference(ROOM.conferenceId());
      rig.beginMove(1);
      rig.proxy().mute(ROOM.conferenceId(), "alice", true);
      rig.settle();

      assertThat(rig.hasMoved()).isFalse();
      assertThat(rig.count(ConferenceCounter.CONFERENCES)).isZero();
      assertThat(rig.count(ConferenceCounter.COMMANDS_WITHOUT_TARGET)).isEqualTo(1);
    }
  }

  @Test
  void conferenceThatFailsOnItsWayStartsAnewForWhoComes() {
    try (MovingRig rig = new MovingRig(8)) {
      rig.join("alice", FORWARD).talk(400);
      rig.join("bob", FORWARD);
      rig.run(40);
      rig.mustThrow = true;
      rig.areLoopsBusy = true;
      rig.beginMove(1);
      rig.admit("carol", FORWARD);
      runUnsettled(rig, 25);
      rig.areLoopsBusy = false;
      rig.settle();

      assertThat(rig.hasMoved()).isFalse();
      assertThat(rig.count(ConferenceCounter.CONFERENCES_FAILED)).isEqualTo(1);
      List<String> gone = new ArrayList<>();
      rig.events.drain(event -> {
        if (event instanceof ParticipantGone one) {
          assertThat(one.reason()).isEqualTo(GoneReason.CONFERENCE_FAILED);
          gone.add(one.participantId());
        }
      });
      assertThat(gone).containsExactlyInAnyOrder("alice", "bob");
      assertThat(rig.counters.get(1).get(ConferenceCounter.PARTICIPANTS)).isEqualTo(1);
      assertThat(rig.count(ConferenceCounter.CONFERENCES)).isEqualTo(1);
    }
  }

  @Test
  void agentTakesNoMoreCommandsThanItMayHold() {
    try (MovingRig rig = new MovingRig(9)) {
      rig.join("alice", FORWARD);
      rig.areLoopsBusy = true;
      rig.beginMove(1);
      int taken = 0;
      while (rig.proxy().mute(ROOM.conferenceId(), "alice", taken % 2 == 0)) {
        taken++;
        rig.step();
      }
      assertThat(taken).isEqualTo(Limits.COMMANDS_MAX + Limits.HELD_COMMANDS_MAX);

      rig.areLoopsBusy = false;
      rig.settle();

      assertThat(rig.hasMoved()).isTrue();
      assertThat(rig.count(ConferenceCounter.COMMANDS_WITHOUT_TARGET)).isZero();
    }
  }

  @Test
  void messagesThatFindNoRoomAreCounted() {
    try (MovingRig rig = new MovingRig(10)) {
      ModelClient alice = rig.join("alice", FORWARD);
      rig.areLoopsBusy = true;
      rig.beginMove(1);
      rig.agents.get(1).doWork();
      alice.inbound = rig.inbound(alice.loop, 1);
      byte[] payload = new byte[1000];
      for (int i = 0; i < 2000; i++) {
        alice.send(payload, payload.length, -30, 111, rig.nowNs);
        rig.agents.get(1).doWork();
      }

      assertThat(rig.count(ConferenceCounter.HELD_MESSAGES_DROPPED)).isBetween(900L, 1100L);
      rig.areLoopsBusy = false;
      rig.settle();
      assertThat(rig.hasMoved()).isTrue();
    }
  }

  @Test
  void agentsSayHowMuchWorkEachConferenceIs() {
    try (MovingRig rig = new MovingRig(11)) {
      rig.clockStepNs = 1_000;
      rig.join("alice", FORWARD).talk(400);
      rig.join("bob", FORWARD);
      rig.join(OTHER, "ed", MIX);
      rig.run(1000);
      Map<String, Long> before = weigh(rig, 0);
      rig.beginMove(1);
      rig.run(1000);
      Map<String, Long> after = weigh(rig, 1);

      // Each look at the clock takes a microsecond: fifty ticks, and as many packets by samples.
      assertThat(before.getOrDefault("room", 0L)).isBetween(60_000L, 140_000L);
      assertThat(before.getOrDefault("other", 0L)).isBetween(45_000L, 60_000L);
      assertThat(after).containsOnlyKeys("room");
      assertThat(after.getOrDefault("room", 0L) - before.getOrDefault("room", 0L))
          .isBetween(60_000L, 140_000L);
    }
  }

  private static Map<String, Long> weigh(MovingRig rig, int agent) {
    List<ConferenceWeights> answers = new ArrayList<>();
    assertThat(rig.proxies.get(agent).weigh(answers::add)).isTrue();
    rig.settle();
    return answers.getFirst().workNs();
  }
}
