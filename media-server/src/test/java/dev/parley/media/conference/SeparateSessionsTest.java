package dev.parley.media.conference;

import static dev.parley.media.conference.ConferenceRig.FORWARD;
import static dev.parley.media.conference.ConferenceRig.MIX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.conference.ConferenceEvent.GoneReason;
import dev.parley.media.conference.ConferenceEvent.ParticipantConnected;
import dev.parley.media.conference.ConferenceEvent.ParticipantGone;
import dev.parley.media.conference.ConferenceEvent.ParticipantReconnecting;
import dev.parley.media.conference.ConferenceEvent.SessionGone;
import dev.parley.media.conference.ParticipantDescription.Reception;
import dev.parley.media.conference.ParticipantDescription.Side;
import dev.parley.media.packet.PeerState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A participant who sends by one session and hears by another, as with WHIP and WHEP. */
class SeparateSessionsTest {
  private static final double ALICE_HZ = 400;
  private static final double BOB_HZ = 1000;
  private static final double HEARD = 0.1;
  private static final double NOT_HEARD = 0.01;

  private final ConferenceRig rig = new ConferenceRig(2);

  @AfterEach
  void close() {
    rig.close();
  }

  @ParameterizedTest
  @CsvSource({"MIX,true", "MIX,false", "FORWARD,true", "FORWARD,false"})
  void oneWhoSendsAndHearsBySeparateSessionsDoesNotHearItself(String way, boolean voiceFirst) {
    Reception reception = way.equals("MIX") ? MIX : FORWARD;
    ModelClient voice = null;
    if (voiceFirst) {
      voice = rig.joinBy(Side.SENDING, "alice", Reception.NOTHING).talk(ALICE_HZ);
    }
    ModelClient ears = rig.joinBy(Side.RECEIVING, "alice", reception);
    ModelClient bob = rig.join("bob", MIX).talk(BOB_HZ);
    rig.run(300);
    if (voice == null) {
      voice = rig.joinBy(Side.SENDING, "alice", Reception.NOTHING).talk(ALICE_HZ);
    }

    rig.run(1500);

    assertThat(bob.amplitudeOf(ALICE_HZ, 1000)).isGreaterThan(HEARD);
    assertThat(ears.amplitudeOf(BOB_HZ, 1000)).isGreaterThan(HEARD);
    assertThat(ears.amplitudeOf(ALICE_HZ, 1000)).isLessThan(NOT_HEARD);
    assertThat(voice.heard).isEmpty();
    assertThat(rig.count(ConferenceCounter.PARTICIPANTS)).isEqualTo(2);
    assertThat(rig.takeEvents(ParticipantConnected.class)).as("alice once, bob once").hasSize(2);
  }

  @Test
  void endOfOneSessionLeavesTheOther() {
    ModelClient voice = rig.joinBy(Side.SENDING, "alice", Reception.NOTHING).talk(ALICE_HZ);
    ModelClient ears = rig.joinBy(Side.RECEIVING, "alice", MIX);
    ModelClient bob = rig.join("bob", MIX).talk(BOB_HZ);
    rig.run(500);
    rig.takeEvents();

    rig.state(voice, PeerState.CONSENT_EXPIRED);
    rig.run(100);
    bob.forgetHeard();
    ears.forgetHeard();
    rig.run(500);

    assertThat(rig.takeEvents(ConferenceEvent.class))
        .filteredOn(event -> !(event instanceof ConferenceEvent.SpeakersChanged))
        .filteredOn(event -> !(event instanceof ConferenceEvent.QualityMeasured))
        .containsExactly(new SessionGone("room", 1, "alice", voice.peerId));
    assertThat(bob.amplitudeOf(ALICE_HZ, 400)).isLessThan(NOT_HEARD);
    assertThat(ears.amplitudeOf(BOB_HZ, 400)).isGreaterThan(HEARD);
    assertThat(rig.removedPeers).containsExactly(voice.peerId);

    rig.state(ears, PeerState.CLOSED_BY_PEER);

    assertThat(rig.takeEvents(ParticipantGone.class))
        .containsExactly(
            new ParticipantGone("room", 1, "alice", ears.peerId, GoneReason.CLOSED_BY_PEER));
  }

  @Test
  void sessionIsRemovedByCommandAndTheParticipantWithItsLast() {
    ModelClient voice = rig.joinBy(Side.SENDING, "alice", Reception.NOTHING);
    ModelClient ears = rig.joinBy(Side.RECEIVING, "alice", FORWARD);
    rig.takeEvents();

    rig.proxy.removeSession("room", "alice", ears.peerId);
    rig.cycle();
    assertThat(rig.takeEvents()).containsExactly(new SessionGone("room", 1, "alice", ears.peerId));
    rig.proxy.removeSession("room", "alice", ears.peerId);
    rig.cycle();
    assertThat(rig.count(ConferenceCounter.COMMANDS_WITHOUT_TARGET)).isEqualTo(1);
    rig.proxy.removeSession("room", "alice", voice.peerId);
    rig.cycle();

    assertThat(rig.takeEvents())
        .containsExactly(new ParticipantGone("room", 1, "alice", ears.peerId, GoneReason.REMOVED));
    assertThat(rig.count(ConferenceCounter.PARTICIPANTS)).isZero();
  }

  @Test
  void participantIsReconnectingWhenNoneOfItsSessionsIsUp() {
    ModelClient voice = rig.joinBy(Side.SENDING, "alice", Reception.NOTHING);
    ModelClient ears = rig.joinBy(Side.RECEIVING, "alice", MIX);
    rig.takeEvents();

    rig.state(voice, PeerState.RECONNECTING);
    assertThat(rig.takeEvents()).isEmpty();
    rig.state(ears, PeerState.RECONNECTING);
    assertThat(rig.takeEvents()).containsExactly(new ParticipantReconnecting("room", 1, "alice"));
    rig.state(voice, PeerState.CONNECTED);

    assertThat(rig.takeEvents()).containsExactly(new ParticipantConnected("room", 1, "alice"));
  }

  @Test
  void sessionForBothWaysTakesThePlaceOfTheTwo() {
    ModelClient voice = rig.joinBy(Side.SENDING, "alice", Reception.NOTHING);
    ModelClient ears = rig.joinBy(Side.RECEIVING, "alice", FORWARD);
    ModelClient bob = rig.join("bob", MIX).talk(BOB_HZ);

    ModelClient both = rig.joinBy(Side.BOTH, "alice", MIX).talk(ALICE_HZ);
    rig.run(800);

    assertThat(rig.removedPeers).containsExactlyInAnyOrder(voice.peerId, ears.peerId);
    assertThat(bob.amplitudeOf(ALICE_HZ, 500)).isGreaterThan(HEARD);
    assertThat(both.amplitudeOf(BOB_HZ, 500)).isGreaterThan(HEARD);
    assertThat(both.amplitudeOf(ALICE_HZ, 500)).isLessThan(NOT_HEARD);
    assertThat(rig.count(ConferenceCounter.PARTICIPANTS)).isEqualTo(2);
  }

  @Test
  void newVoiceSessionTakesThePlaceOfTheOldAndIsHeardUnderTheSameNumber() {
    ModelClient old = rig.joinBy(Side.SENDING, "alice", Reception.NOTHING).talk(ALICE_HZ);
    ModelClient ears = rig.joinBy(Side.RECEIVING, "alice", MIX);
    ModelClient bob = rig.join("bob", FORWARD);
    rig.run(300);
    old.isSending = false;

    rig.joinBy(Side.SENDING, "alice", Reception.NOTHING).talk(ALICE_HZ);
    bob.forgetHeard();
    rig.run(500);

    assertThat(rig.removedPeers).containsExactly(old.peerId);
    assertThat(bob.amplitudeOf(ALICE_HZ, 400)).isGreaterThan(HEARD);
    assertThat(bob.heard.getLast().csrcs()).containsExactly(old.csrc());
    assertThat(ears.amplitudeOf(ALICE_HZ, 400)).isLessThan(NOT_HEARD);
  }
}
