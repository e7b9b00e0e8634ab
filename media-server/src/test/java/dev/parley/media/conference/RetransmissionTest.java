package dev.parley.media.conference;

import static dev.parley.media.conference.ConferenceRig.FORWARD;
import static dev.parley.media.conference.ConferenceRig.MIX;
import static dev.parley.media.conference.ConferenceRig.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.conference.ModelClient.Heard;
import dev.parley.media.conference.ParticipantDescription.Listening;
import dev.parley.media.conference.ParticipantDescription.Reception;
import dev.parley.media.packet.Limits;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a conference sends again is, whatever happened meanwhile, what it sent. */
class RetransmissionTest {
  private static final Reception ONE_LINE = new Reception(Listening.FORWARD, 1, 1, 0, true, false);

  private final ConferenceRig rig = new ConferenceRig(2);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void forwardedPacketsAreSentAgainAsTheyWere() {
    rig.join("alice", FORWARD).talk(400);
    ModelClient bob = rig.join("bob", FORWARD);
    rig.run(1000);

    rig.assertEverythingComesAgain(bob, 20);

    assertThat(rig.count(ConferenceCounter.RETRANSMITTED_TARGETS)).isEqualTo(20);
    assertThat(rig.count(ConferenceCounter.RETRANSMISSIONS_NOT_KEPT)).isZero();
  }

  @Test
  void firstPacketHasItsMarkerAgain() {
    rig.join("alice", FORWARD).talk(400);
    ModelClient forwarded = rig.join("forwarded", FORWARD);
    ModelClient mixed = rig.join("mixed", MIX);
    rig.run(300);

    for (ModelClient listener : List.of(forwarded, mixed)) {
      assertThat(listener.heard.getFirst().marker()).isTrue();
      rig.assertEverythingComesAgain(listener, listener.heard.size());
    }
  }

  @Test
  void packetsOfTheFormerSpeakerAreStillToBeHad() {
    ModelClient alice = rig.join("alice", FORWARD);
    ModelClient bob = rig.join("bob", FORWARD);
    ModelClient listener = rig.join(ROOM, "listener", ONE_LINE, false);
    alice.talk(400);
    bob.talk(1000);
    bob.amplitude = 0;
    rig.run(2000);
    alice.amplitude = 0;
    bob.amplitude = 0.3;
    int csrcBefore = listener.heard.getLast().csrcs().getFirst();
    while (listener.heard.getLast().csrcs().getFirst() == csrcBefore) {
      rig.run(20);
      assertThat(rig.nowNs).as("the speaker changes").isLessThan(20_000_000_000L);
    }
    rig.run(200);

    List<Heard> last = listener.lastHeard(30);
    assertThat(last.stream().map(Heard::csrcs).distinct()).hasSize(2);
    rig.assertEverythingComesAgain(listener, 30);
  }

  @Test
  void packetsOfATalkerWhoLeftOrWasMutedAreWhatTheyWere() {
    rig.join("alice", FORWARD).talk(400);
    ModelClient bob = rig.join("bob", FORWARD);
    rig.run(500);
    rig.proxy.mute("room", "alice", true);
    rig.run(100);
    rig.assertEverythingComesAgain(bob, 10);

    rig.proxy.removeParticipant("room", "alice");
    rig.run(20);
    rig.join("carol", FORWARD).talk(1700);
    rig.run(200);

    rig.assertEverythingComesAgain(bob, 15);
  }

  @Test
  void mixedPacketsAreSentAgainFromSharedAndFromOwnEncoder() {
    rig.join("alice", MIX).talk(400);
    ModelClient bob = rig.join("bob", MIX).talk(1000);
    bob.amplitude = 0;
    bob.isSending = false;
    ModelClient carol = rig.join("carol", MIX);
    rig.run(600);
    bob.isSending = true;
    bob.amplitude = 0.3;
    rig.run(200);

    rig.assertEverythingComesAgain(bob, 25);
    rig.assertEverythingComesAgain(carol, 25);
  }

  @Test
  void pausesOfAMixDoNotShiftItsNumbers() {
    ModelClient alice = rig.join("alice", MIX).talk(400);
    ModelClient bob = rig.join("bob", MIX);
    rig.run(500);
    alice.isSending = false;
    rig.run(1500);
    alice.isSending = true;
    rig.run(100);

    rig.assertEverythingComesAgain(bob, 20);
  }

  @Test
  void whatWasLostOnTheWayHereOrTooLongAgoIsNotToBeHad() {
    ModelClient alice = rig.join("alice", FORWARD).talk(400);
    ModelClient bob = rig.join("bob", FORWARD);
    bob.toleratesGaps = true;
    rig.run(1000);
    alice.lossShare = 1;
    rig.run(20);
    alice.lossShare = 0;
    rig.run(100);
    int newest = bob.heard.getLast().sequenceNumber();
    Heard beforeGap = null;
    for (Heard heard : bob.heard) {
      boolean isFollowed =
          bob.heard.stream()
              .anyMatch(other -> other.sequenceNumber() == (heard.sequenceNumber() + 1 & 0xFFFF));
      beforeGap = !isFollowed && heard.sequenceNumber() != newest ? heard : beforeGap;
    }
    assertThat(beforeGap).isNotNull();

    bob.askAgain(0, beforeGap.sequenceNumber() + 1);
    bob.askAgain(0, newest - Limits.RETRANSMITTABLE_PACKETS);
    bob.askAgain(0, newest + 1);
    bob.askAgain(5, newest);
    rig.cycle();

    assertThat(bob.heardAgain).isEmpty();
    assertThat(rig.count(ConferenceCounter.RETRANSMISSIONS_NOT_KEPT)).isEqualTo(4);
  }

  @Test
  void listenerWhoHearsNothingYetIsSentNothing() {
    rig.join("alice", FORWARD).talk(400);
    ModelClient mixed = rig.admit(ROOM, "mixed", MIX, true);
    ModelClient forwarded = rig.admit(ROOM, "forwarded", FORWARD, true);
    rig.run(100);

    mixed.askAgain(0, 1);
    forwarded.askAgain(0, 1);
    rig.cycle();

    assertThat(mixed.heardAgain).isEmpty();
    assertThat(forwarded.heardAgain).isEmpty();
  }

  @Test
  void largePacketsAreKeptForAsLongAsThereIsRoom() {
    SentHistory history = new SentHistory();
    OutgoingFan fan = new OutgoingFan(rig.outbound, rig.wakes::add, rig.counters);
    UnsafeBuffer payload = new UnsafeBuffer(new byte[Limits.PAYLOAD_LENGTH_MAX]);
    for (int i = 0; i < 1000; i++) {
      payload.putInt(0, i);
      fan.begin(payload, 0, Limits.PAYLOAD_LENGTH_MAX - i % 7);
      history.put(1, i, i, false, fan);

      int kept = 0;
      for (int back = 0; back <= i && history.find(1, i - back); back++) {
        assertThat(history.timestampTicks()).isEqualTo(i - back);
        history.begin(fan);
        assertThat(fan.contentLength()).isEqualTo(5 + Limits.PAYLOAD_LENGTH_MAX - (i - back) % 7);
        kept++;
      }
      assertThat(kept).isBetween(Math.min(i + 1, 11), 12);
    }
  }
}
