package dev.parley.media.conference;

import static dev.parley.media.conference.ConferenceRig.FORWARD;
import static dev.parley.media.conference.ConferenceRig.MIX;
import static dev.parley.media.conference.ConferenceRig.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.conference.ConferenceEvent.GoneReason;
import dev.parley.media.conference.ConferenceEvent.ParticipantConnected;
import dev.parley.media.conference.ConferenceEvent.ParticipantGone;
import dev.parley.media.conference.ParticipantDescription.Reception;
import dev.parley.media.mix.ToneDetector;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.packet.PeerState;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConferenceTest {
  private static final double ALICE_HZ = 400;
  private static final double BOB_HZ = 1000;
  private static final double CAROL_HZ = 1700;
  private static final double HEARD = 0.1;
  private static final double NOT_HEARD = 0.01;

  private final ConferenceRig rig = new ConferenceRig(2);

  @AfterEach
  void close() {
    rig.close();
  }

  @ParameterizedTest
  @CsvSource({"FORWARD,FORWARD", "MIX,MIX", "FORWARD,MIX"})
  void twoHearEachOtherAndNotThemselves(String aliceListens, String bobListens) {
    ModelClient alice = rig.join("alice", reception(aliceListens)).talk(ALICE_HZ);
    ModelClient bob = rig.join("bob", reception(bobListens)).talk(BOB_HZ);

    rig.run(1500);

    assertThat(alice.amplitudeOf(BOB_HZ, 1000)).isGreaterThan(HEARD);
    assertThat(alice.amplitudeOf(ALICE_HZ, 1000)).isLessThan(NOT_HEARD);
    assertThat(bob.amplitudeOf(ALICE_HZ, 1000)).isGreaterThan(HEARD);
    assertThat(bob.amplitudeOf(BOB_HZ, 1000)).isLessThan(NOT_HEARD);
    assertThat(bob.heard.getLast().csrcs()).containsExactly(alice.csrc());
  }

  @Test
  void forwardedPacketLeavesInTheCycleThatReadIt() {
    ModelClient alice = rig.join("alice", FORWARD).talk(ALICE_HZ);
    ModelClient bob = rig.join("bob", FORWARD);
    rig.run(100);
    bob.forgetHeard();

    alice.send(rig.nowNs);
    rig.agent.doWork();
    rig.mustDrain = true;
    rig.cycle();

    assertThat(bob.heard).hasSize(1);
    assertThat(bob.heard.getFirst().atNs()).isEqualTo(rig.nowNs);
  }

  @Test
  void lateJoinerHearsAndIsHeardAtOnce() {
    ModelClient alice = rig.join("alice", FORWARD).talk(ALICE_HZ);
    ModelClient bob = rig.join("bob", MIX).talk(BOB_HZ);
    rig.run(2000);

    ModelClient carol = rig.join("carol", MIX).talk(CAROL_HZ);
    rig.run(300);

    assertThat(carol.amplitudeOf(ALICE_HZ, 200)).isGreaterThan(HEARD);
    assertThat(carol.amplitudeOf(BOB_HZ, 200)).isGreaterThan(HEARD);
    assertThat(carol.amplitudeOf(CAROL_HZ, 200)).isLessThan(2 * NOT_HEARD);
    assertThat(alice.amplitudeOf(CAROL_HZ, 100)).isGreaterThan(HEARD);
    assertThat(bob.amplitudeOf(CAROL_HZ, 100)).isGreaterThan(HEARD);
  }

  @Test
  void leaverIsHeardNoMoreAndOthersGoOn() {
    ModelClient alice = rig.join("alice", FORWARD).talk(ALICE_HZ);
    ModelClient bob = rig.join("bob", MIX).talk(BOB_HZ);
    ModelClient carol = rig.join("carol", MIX).talk(CAROL_HZ);
    rig.run(500);
    rig.takeEvents();

    rig.proxy.removeParticipant("room", "carol");
    rig.run(60);
    int carolHeard = carol.heard.size();
    alice.forgetHeard();
    bob.forgetHeard();
    rig.run(500);

    assertThat(carol.heard).hasSize(carolHeard);
    assertThat(alice.amplitudeOf(CAROL_HZ, 400)).isLessThan(NOT_HEARD);
    assertThat(bob.amplitudeOf(CAROL_HZ, 400)).isLessThan(NOT_HEARD);
    assertThat(bob.amplitudeOf(ALICE_HZ, 400)).isGreaterThan(HEARD);
    assertThat(rig.takeEvents(ParticipantGone.class))
        .containsExactly(new ParticipantGone("room", 1, "carol", carol.peerId, GoneReason.REMOVED));
    assertThat(rig.removedPeers).containsExactly(carol.peerId);
    assertThat(rig.count(ConferenceCounter.PACKETS_OF_UNKNOWN_PEERS)).isPositive();
  }

  @Test
  void muteStopsForwardingAtOnceAndTheMixWithinAFrame() {
    ModelClient alice = rig.join("alice", FORWARD).talk(ALICE_HZ);
    ModelClient bob = rig.join("bob", FORWARD);
    ModelClient carol = rig.join("carol", MIX);
    rig.run(500);

    rig.proxy.mute("room", "alice", true);
    rig.cycle();
    int bobHeard = bob.heard.size();
    rig.run(20);
    carol.forgetHeard();
    rig.run(500);
    assertThat(bob.heard).hasSize(bobHeard);
    assertThat(carol.amplitudeOf(ALICE_HZ, 500)).isLessThan(NOT_HEARD);

    rig.proxy.mute("room", "alice", false);
    rig.run(400);
    assertThat(bob.amplitudeOf(ALICE_HZ, 200)).isGreaterThan(HEARD);
    assertThat(carol.amplitudeOf(ALICE_HZ, 100)).isGreaterThan(HEARD);
    assertThat(alice.heard).isEmpty();
  }

  @Test
  void muteMakesNoClickInTheMix() {
    rig.join("alice", FORWARD).talk(ALICE_HZ);
    ModelClient carol = rig.join("carol", MIX);
    rig.run(500);

    carol.forgetHeard();
    rig.proxy.mute("room", "alice", true);
    rig.run(200);

    float[] samples = carol.sound(0);
    float steepest = 0;
    for (int i = 1; i < samples.length; i++) {
      steepest = Math.max(steepest, Math.abs(samples[i] - samples[i - 1]));
    }
    // A 400 Hz sine of amplitude 0.3 never moves by more than 0.016 a sample.
    assertThat(steepest).isLessThan(0.032f);
  }

  @Test
  void lostPacketsAreConcealedInTheMixAndVisibleWhenForwarded() {
    ModelClient alice = rig.join("alice", MIX).talk(ALICE_HZ);
    ModelClient mixed = rig.join("mixed", MIX);
    ModelClient forwarded = rig.join("forwarded", FORWARD);
    forwarded.toleratesGaps = true;
    rig.run(200);
    mixed.forgetHeard();
    alice.lossShare = 0.1;

    rig.run(4000);

    assertThat(mixed.heard).hasSizeBetween(199, 201);
    assertThat(mixed.amplitudeOf(ALICE_HZ, 3900)).isGreaterThan(0.2);
    int gaps = 0;
    for (int i = 1; i < forwarded.heard.size(); i++) {
      int step =
          forwarded.heard.get(i).sequenceNumber() - forwarded.heard.get(i - 1).sequenceNumber();
      gaps += (step & 0xFFFF) > 1 ? 1 : 0;
    }
    assertThat(gaps).isBetween(8, 40);
  }

  @Test
  void sixtyListenersShareOneEncode() {
    rig.join("alice", MIX).talk(ALICE_HZ);
    rig.join("bob", MIX).talk(BOB_HZ);
    for (int i = 0; i < 60; i++) {
      rig.join(ROOM, "listener-" + i, MIX, false);
    }
    rig.run(1000);
    long ticks = rig.count(ConferenceCounter.TICKS);
    long encoded = rig.count(ConferenceCounter.FRAMES_ENCODED);
    long decoded = rig.count(ConferenceCounter.FRAMES_DECODED);
    long sent = rig.count(ConferenceCounter.MIXED_TARGETS);

    rig.run(1000);

    assertThat(rig.count(ConferenceCounter.TICKS) - ticks).isEqualTo(50);
    assertThat(rig.count(ConferenceCounter.FRAMES_ENCODED) - encoded).isEqualTo(3 * 50);
    assertThat(rig.count(ConferenceCounter.FRAMES_DECODED) - decoded).isEqualTo(2 * 50);
    assertThat(rig.count(ConferenceCounter.MIXED_TARGETS) - sent).isEqualTo(62 * 50);
  }

  @Test
  void onlyTheLoudestAreDecodedAndEverybodyHearsThem() {
    ModelClient listener = rig.join(ROOM, "listener", MIX, false);
    for (int i = 0; i < 8; i++) {
      ModelClient talker = rig.join("talker-" + i, MIX).talk(300 + 200 * i);
      talker.amplitude = i < 5 ? 0.1 : 0.01;
    }
    rig.run(2000);
    long decoded = rig.count(ConferenceCounter.FRAMES_DECODED);
    rig.run(1000);

    assertThat(rig.count(ConferenceCounter.FRAMES_DECODED) - decoded).isEqualTo(5 * 50);
    for (int i = 0; i < 8; i++) {
      double amplitude = listener.amplitudeOf(300 + 200 * i, 1000);
      assertThat(amplitude > 0.03).as("talker " + i + " at " + amplitude).isEqualTo(i < 5);
    }
  }

  @Test
  void ownVoiceNeverComesBackHoweverSpeakersChange() {
    ModelClient[] people = new ModelClient[8];
    for (int i = 0; i < people.length; i++) {
      people[i] = rig.join("p" + i, i % 2 == 0 ? MIX : FORWARD).talk(300 + 250 * i);
      people[i].toleratesGaps = i % 2 == 1;
    }
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < people.length; i++) {
        people[i].amplitude = (i + round) % people.length < 4 ? 0.2 : 0.002;
      }
      // Each receive asserts that its csrcs are those of others.
      rig.run(500);
      for (int i = 0; i < people.length; i++) {
        assertThat(people[i].amplitudeOf(300 + 250 * i, 300)).as("own tone").isLessThan(NOT_HEARD);
      }
    }
  }

  @Test
  void silentConferenceSendsOnlyASignOfLife() {
    ModelClient alice = rig.join("alice", MIX).talk(ALICE_HZ);
    ModelClient bob = rig.join("bob", MIX);
    rig.run(500);
    alice.isSending = false;
    rig.run(1000);
    bob.forgetHeard();
    long encoded = rig.count(ConferenceCounter.FRAMES_ENCODED);

    rig.run(4000);

    assertThat(bob.heard).hasSize(10).allMatch(heard -> heard.payloadLength() == 1);
    assertThat(rig.count(ConferenceCounter.FRAMES_ENCODED)).isEqualTo(encoded);
    int timeStep = bob.heard.get(1).timestampTicks() - bob.heard.get(0).timestampTicks();
    assertThat(timeStep).isEqualTo(400 * 48);
    alice.isSending = true;
    bob.forgetHeard();
    rig.run(400);
    assertThat(bob.amplitudeOf(ALICE_HZ, 200)).isGreaterThan(HEARD);
    assertThat(bob.heard.stream().filter(ModelClient.Heard::marker)).hasSize(1);
  }

  @Test
  void talkerWithoutLevelsIsMeasuredAndRanked() {
    ModelClient alice = rig.join("alice", FORWARD).talk(ALICE_HZ);
    alice.sendsLevel = false;
    ModelClient bob = rig.join(new ConferenceDescription("room", 1, 1, 1), "bob", FORWARD, true);
    for (int i = 0; i < 6; i++) {
      rig.join("quiet-" + i, FORWARD).talk(2000 + 100 * i).amplitude = 0.0005;
    }
    rig.run(3000);
    bob.forgetHeard();
    bob.toleratesGaps = true;
    rig.run(500);

    assertThat(bob.heard).isNotEmpty();
    assertThat(bob.amplitudeOf(ALICE_HZ, 400)).isGreaterThan(HEARD);
  }

  @ParameterizedTest
  @CsvSource({"FORWARD", "MIX"})
  void heldParticipantNeitherHearsNorIsHeard(String listens) {
    ModelClient bob = rig.join("bob", reception(listens)).talk(BOB_HZ);
    ModelClient alice = rig.join("alice", reception(listens)).talk(ALICE_HZ);
    ModelClient carol = rig.join("carol", reception(listens));
    rig.run(500);
    rig.proxy.hold("room", "alice", true);
    rig.run(100);
    alice.forgetHeard();
    carol.forgetHeard();

    rig.run(600);

    assertThat(alice.heard).isEmpty();
    assertThat(carol.amplitudeOf(BOB_HZ, 400)).isGreaterThan(HEARD);
    assertThat(carol.amplitudeOf(ALICE_HZ, 400)).isLessThan(NOT_HEARD);

    rig.proxy.mute("room", "alice", true);
    rig.proxy.hold("room", "alice", false);
    carol.forgetHeard();
    rig.run(600);
    assertThat(alice.amplitudeOf(BOB_HZ, 400)).as("she hears again").isGreaterThan(HEARD);
    assertThat(carol.amplitudeOf(ALICE_HZ, 400)).as("muted meanwhile").isLessThan(NOT_HEARD);
    rig.proxy.mute("room", "alice", false);
    rig.run(600);
    assertThat(carol.amplitudeOf(ALICE_HZ, 400)).isGreaterThan(HEARD);
    assertThat(bob.amplitudeOf(ALICE_HZ, 400)).isGreaterThan(HEARD);
    assertThat(rig.count(ConferenceCounter.COMMANDS_WITHOUT_TARGET)).isZero();
  }

  @Test
  void holdOutlivesAMediaSession() {
    ModelClient bob = rig.join("bob", FORWARD).talk(BOB_HZ);
    ModelClient old = rig.join("alice", FORWARD).talk(ALICE_HZ);
    rig.run(300);
    rig.proxy.hold("room", "alice", true);
    rig.cycle();

    old.isSending = false;
    ModelClient alice = rig.join("alice", FORWARD).talk(ALICE_HZ);
    rig.run(300);
    bob.forgetHeard();
    rig.run(300);
    assertThat(bob.heard).isEmpty();
    assertThat(alice.heard).isEmpty();

    rig.proxy.hold("room", "alice", false);
    rig.run(300);
    assertThat(bob.heard).isNotEmpty();
    assertThat(alice.heard).isNotEmpty();
  }

  @Test
  void newMediaSessionKeepsNumberAndMute() {
    ModelClient bob = rig.join("bob", FORWARD);
    ModelClient old = rig.join("alice", FORWARD).talk(ALICE_HZ);
    rig.run(300);
    rig.proxy.mute("room", "alice", true);
    rig.cycle();
    rig.takeEvents();

    old.isSending = false;
    ModelClient alice = rig.join("alice", FORWARD).talk(ALICE_HZ);
    rig.run(300);
    bob.forgetHeard();
    rig.run(300);
    assertThat(bob.heard).as("muted still").isEmpty();

    rig.proxy.mute("room", "alice", false);
    rig.run(300);
    assertThat(bob.heard).isNotEmpty();
    assertThat(bob.heard.getLast().csrcs()).containsExactly(old.csrc());
    assertThat(rig.removedPeers).containsExactly(old.peerId);
    assertThat(rig.takeEvents(ParticipantConnected.class)).hasSize(1);
    assertThat(alice.heard).isEmpty();
  }

  @Test
  void statesBecomeEvents() {
    ModelClient alice = rig.admit(ROOM, "alice", FORWARD, true);
    assertThat(rig.takeEvents()).isEmpty();

    rig.connect(alice);
    rig.state(alice, PeerState.RECONNECTING);
    rig.state(alice, PeerState.CONNECTED);
    rig.state(alice, PeerState.CONSENT_EXPIRED);

    assertThat(rig.takeEvents())
        .containsExactly(
            new ParticipantConnected("room", 1, "alice"),
            new ConferenceEvent.ParticipantReconnecting("room", 1, "alice"),
            new ParticipantConnected("room", 1, "alice"),
            new ParticipantGone("room", 1, "alice", alice.peerId, GoneReason.CONSENT_EXPIRED));
    assertThat(rig.count(ConferenceCounter.PARTICIPANTS)).isZero();
  }

  @Test
  void listenerWhoSendsAndWrongPayloadsAreCountedAndDropped() {
    ModelClient listener = rig.join(ROOM, "listener", FORWARD, false).talk(ALICE_HZ);
    ModelClient alice = rig.join("alice", FORWARD);
    rig.run(200);
    assertThat(rig.count(ConferenceCounter.PACKETS_NOT_PERMITTED)).isEqualTo(10);

    alice.send(new byte[] {(byte) 0xFF}, 1, -20, 111, rig.nowNs);
    alice.send(new byte[] {1, 2, 3}, 3, -20, 96, rig.nowNs);
    rig.cycle();

    assertThat(rig.count(ConferenceCounter.PACKETS_MALFORMED)).isEqualTo(1);
    assertThat(rig.count(ConferenceCounter.PACKETS_NOT_PERMITTED)).isEqualTo(11);
    assertThat(alice.heard).isEmpty();
    assertThat(listener.heard).isEmpty();
  }

  @Test
  void oneLineCarriesTheDominantSpeaker() {
    Reception oneLine =
        new Reception(ParticipantDescription.Listening.FORWARD, 1, 1, 0, true, false);
    ModelClient alice = rig.join("alice", FORWARD).talk(ALICE_HZ);
    ModelClient bob = rig.join("bob", FORWARD).talk(BOB_HZ);
    ModelClient phone = rig.join(ROOM, "phone", oneLine, false);
    bob.amplitude = 0.001;
    rig.run(3000);
    assertThat(phone.heard.getLast().csrcs()).containsExactly(alice.csrc());

    alice.amplitude = 0.001;
    bob.amplitude = 0.3;
    rig.run(3000);

    assertThat(phone.heard.getLast().csrcs()).containsExactly(bob.csrc());
    assertThat(phone.heard).allMatch(heard -> heard.line() == 0);
  }

  @Test
  void stereoListenerGetsStereoFromTheSameMix() {
    rig.join("alice", MIX).talk(ALICE_HZ);
    Reception stereo = new Reception(ParticipantDescription.Listening.MIX, 1, 2, 0, true, false);
    ModelClient bob = rig.join(ROOM, "bob", stereo, false);

    rig.run(500);

    assertThat(bob.amplitudeOf(ALICE_HZ, 300)).isGreaterThan(HEARD);
  }

  @Test
  void comingIntoTheMixAndGoingOutOfItMakesNoClick() {
    ConferenceDescription duo = new ConferenceDescription("duo", 1, 3, 2);
    rig.join(duo, "alice", FORWARD, true).talk(ALICE_HZ);
    ModelClient other = rig.join(duo, "other", FORWARD, true).talk(BOB_HZ);
    ModelClient bob = rig.join(duo, "bob", MIX, true).talk(CAROL_HZ);
    other.amplitude = 0.0005;
    bob.amplitude = 0.0001;
    rig.run(2000);
    bob.forgetHeard();

    // Bob takes the other's place in the mix, then loses it again; he hears Alice all the while.
    bob.amplitude = 0.3;
    rig.run(1500);
    assertThat(other.amplitudeOf(CAROL_HZ, 500)).isGreaterThan(HEARD);
    bob.amplitude = 0.0001;
    rig.run(1000);
    other.amplitude = 0.01;
    rig.run(1500);

    float[] samples = bob.sound(0);
    float steepest = 0;
    for (int i = 1; i < samples.length; i++) {
      steepest = Math.max(steepest, Math.abs(samples[i] - samples[i - 1]));
    }
    assertThat(steepest).isLessThan(0.032f);
    for (int from = 0; from + 960 <= samples.length; from += 240) {
      assertThat(ToneDetector.amplitude(samples, from, from + 960, ALICE_HZ))
          .as("at %d ms", from / 48)
          .isBetween(0.25, 0.35);
    }
  }

  @Test
  void whoIsSilentCostsNeitherADecodeNorAMixOfHisOwn() {
    rig.join("alice", MIX).talk(ALICE_HZ);
    for (int i = 0; i < 4; i++) {
      rig.join("silent-" + i, MIX).talk(BOB_HZ).amplitude = 0;
    }
    rig.run(2000);
    long decoded = rig.count(ConferenceCounter.FRAMES_DECODED);
    long encoded = rig.count(ConferenceCounter.FRAMES_ENCODED);

    rig.run(1000);

    assertThat(rig.count(ConferenceCounter.FRAMES_DECODED) - decoded).isBetween(49L, 51L);
    assertThat(rig.count(ConferenceCounter.FRAMES_ENCODED) - encoded).isBetween(49L, 51L);
  }

  @Test
  void whoBreaksHisSilenceIsHeardFromHisFirstPacketOn() {
    rig.join("alice", MIX).talk(ALICE_HZ);
    ModelClient bob = rig.join("bob", MIX).talk(BOB_HZ);
    bob.amplitude = 0;
    ModelClient listener = rig.join(ROOM, "listener", MIX, false);
    rig.run(3000);
    listener.forgetHeard();

    bob.amplitude = 0.3;
    rig.run(200);

    // Of ten packets at most one waits to be sent, and at most two in the jitter buffer.
    float[] samples = listener.sound(0);
    int heardFrames = 0;
    for (int from = 0; from + 960 <= samples.length; from += 960) {
      heardFrames += ToneDetector.amplitude(samples, from, from + 960, BOB_HZ) > HEARD ? 1 : 0;
    }
    assertThat(heardFrames).isGreaterThanOrEqualTo(7);
  }

  @Test
  void worksWithoutNativeOpus() {
    try (ConferenceRig plain = new ConferenceRig(1, 64, OpusCodec.concentus())) {
      plain.join("alice", MIX).talk(ALICE_HZ);
      ModelClient bob = plain.join("bob", MIX);

      plain.run(500);

      assertThat(bob.amplitudeOf(ALICE_HZ, 300)).isGreaterThan(HEARD);
    }
  }

  @Test
  void firstPacketOfANewTalkerIsForwarded() {
    ModelClient bob = rig.join("bob", FORWARD);
    ModelClient alice = rig.join("alice", FORWARD);

    alice.send(rig.nowNs);
    rig.cycle();

    assertThat(bob.heard).hasSize(1);
  }

  private static Reception reception(String listening) {
    return listening.equals("MIX") ? MIX : FORWARD;
  }

  @Test
  void mixTellsWhoIsInIt() {
    ModelClient alice = rig.join("alice", MIX).talk(ALICE_HZ);
    ModelClient bob = rig.join("bob", MIX).talk(BOB_HZ);
    ModelClient listener = rig.join(ROOM, "listener", MIX, false);

    rig.run(500);

    assertThat(listener.heard.getLast().csrcs())
        .containsExactlyInAnyOrderElementsOf(List.of(alice.csrc(), bob.csrc()));
    assertThat(alice.heard.getLast().csrcs()).containsExactly(bob.csrc());
  }
}
