package dev.parley.session.conference;

import static dev.parley.session.conference.Stage.FIRST;
import static dev.parley.session.conference.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Deed;
import dev.parley.common.control.Order;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.token.Role;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class UnrecordedTest {
  private final Stage stage = new Stage();
  private ConferenceId conference = new ConferenceId("none");

  @BeforeEach
  void createConference() {
    conference = stage.conference(ConferenceOptions.DEFAULT);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void onlyWhatTheMediaServerHasDoneIsAcknowledged() {
    Participant ana = stage.join(conference, "ana");
    assertThat(Stage.refusal(stage.unrecorded.carryOut(ana, Deed.MUTE, false, 0)))
        .as("its media is nowhere yet")
        .isInstanceOf(Refusal.MediaUnreachable.class);
    Participant there = stage.offer(ana);
    stage.script = _ -> new MediaAnswer.Unreachable("slow");
    assertThat(Stage.refusal(stage.unrecorded.carryOut(there, Deed.MUTE, false, 0)))
        .isInstanceOf(Refusal.MediaUnreachable.class);
    stage.script = _ -> new MediaAnswer.NotFound();
    assertThat(Stage.refusal(stage.unrecorded.carryOut(there, Deed.EVICT, false, 0)))
        .isInstanceOf(Refusal.MediaUnreachable.class);
    assertThat(stage.unrecorded.isGone(there.id())).isFalse();
    assertThat(stage.unrecorded.carriedOutCount()).isZero();
    stage.script = Stage::accept;

    Participant muted = Stage.done(stage.unrecorded.carryOut(there, Deed.MUTE, false, 0));

    assertThat(muted.muted()).isTrue();
    assertThat(stage.read(there).muted()).as("nothing is written").isFalse();
    assertThat(stage.unrecorded.carriedOutCount()).isEqualTo(1);
  }

  @Test
  void nobodyOpensTheMicrophoneOfAnotherOrOfAListener() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    assertThat(Stage.refusal(stage.unrecorded.carryOut(ana, Deed.UNMUTE, false, 0)))
        .isInstanceOf(Refusal.UnmuteNotOffered.class);
    Participant listener =
        stage.offer(Stage.done(stage.tryJoin(conference, "ben", Role.LISTENER, false)));
    stage.orders.clear();

    assertThat(stage.unrecorded.carryOut(listener, Deed.UNMUTE, true, 0))
        .isInstanceOf(Answer.Refused.class);
    assertThat(stage.orders).isEmpty();
  }

  @Test
  void whoIsOutStaysOutThoughNothingIsRecorded() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    Stage.done(stage.unrecorded.carryOut(ana, Deed.EVICT, false, 0));

    assertThat(stage.unrecorded.isGone(ana.id())).isTrue();
    assertThat(Stage.refusal(stage.unrecorded.carryOut(ana, Deed.UNMUTE, true, 0)))
        .isEqualTo(new Refusal.Left(LeaveReason.KICKED));
  }

  @Test
  void whatIsRecordedIsOrderedAnewSoThatBothAgree() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.orders.clear();

    stage.facts.onState(FIRST, 1, carriedOut(ana, Deed.MUTE, 0));

    assertThat(stage.read(ana).muted()).isTrue();
    assertThat(stage.ordersOf(FIRST)).containsExactly(new Order.MuteParticipant(ana.id(), true));
    assertThat(stage.events)
        .last()
        .isInstanceOfSatisfying(
            ConferenceEvent.ParticipantUpdated.class,
            updated -> assertThat(updated.participant().muted()).isTrue());
  }

  @Test
  void repetitionAfterSomethingNewerChangesNothing() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    StateEvent muted = carriedOut(ana, Deed.MUTE, 0);
    stage.facts.onState(FIRST, 1, muted);
    stage.facts.onState(FIRST, 2, new StateEvent.ParticipantConnected(conference, 1, ana.id()));
    Moderation.Change open = new Moderation.Change(false, null, null, null);
    Stage.done(stage.moderation.change(conference, ana.id(), open, true, null));

    stage.facts.onState(FIRST, 1, muted);

    assertThat(stage.read(ana).muted()).isFalse();
    assertThat(stage.unrecorded.recordedCount()).isEqualTo(1);
  }

  @Test
  void departureIsRecordedOnceWithItsReasonWhereverTheMediaIsNow() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.facts.onState(FIRST, 1, new StateEvent.ParticipantConnected(conference, 1, ana.id()));
    stage.up.add(SECOND);

    stage.facts.onState(SECOND, 7, carriedOut(ana, Deed.EVICT, 0));
    stage.facts.onState(SECOND, 7, carriedOut(ana, Deed.EVICT, 0));
    stage.facts.onState(SECOND, 8, carriedOut(ana, Deed.LEAVE, 0));

    Participant gone = stage.read(ana);
    assertThat(gone.departure()).isNotNull();
    assertThat(gone.departure().reason()).isEqualTo(LeaveReason.KICKED);
    assertThat(stage.participants.isRevoked(conference, "ana", stage.clock.instant())).isTrue();
    assertThat(stage.read(conference).participantCount()).isZero();
    assertThat(stage.unrecorded.recordedCount()).isEqualTo(1);
  }

  @Test
  void banBeginsWhenItIsRecorded() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.clock.advance(Duration.ofMinutes(1));

    stage.facts.onState(FIRST, 1, carriedOut(ana, Deed.EVICT, 60));

    Ban ban = stage.participants.banInForce(conference, "ana");
    assertThat(ban).isNotNull();
    assertThat(ban.until()).isEqualTo(stage.clock.instant().plusSeconds(60));
  }

  private StateEvent.CarriedOut carriedOut(Participant participant, Deed deed, int banSec) {
    return new StateEvent.CarriedOut(conference, 1, participant.id(), deed, banSec);
  }
}
