package dev.parley.session.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Order;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DueWorkTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void conferenceThatStaysEmptyEnds() {
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    stage.clock.advance(Duration.ofSeconds(299));
    assertThat(stage.dueWork.run()).isZero();

    stage.clock.advance(Duration.ofSeconds(1));
    stage.dueWork.run();

    Conference ended = stage.read(conference);
    assertThat(ended.state()).isEqualTo(ConferenceState.ENDED);
    assertThat(ended.endReason()).isEqualTo(EndReason.EMPTY_TIMEOUT);
    assertThat(stage.dueWork.run()).isZero();
  }

  @Test
  void conferenceWithSomebodyInItStays() {
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.facts.onState(
        Stage.FIRST, 1, new StateEvent.ParticipantConnected(conference, 1, ana.id()));

    for (int hour = 0; hour < 24; hour++) {
      stage.clock.advance(Duration.ofHours(1));
      stage.dueWork.run();
    }
    assertThat(stage.read(conference).state()).isEqualTo(ConferenceState.LIVE);

    stage.participants.leave(conference, ana.id(), LeaveReason.CLIENT);
    stage.clock.advance(Duration.ofSeconds(299));
    stage.dueWork.run();
    assertThat(stage.read(conference).state()).isEqualTo(ConferenceState.LIVE);
    stage.clock.advance(Duration.ofSeconds(1));
    stage.dueWork.run();
    assertThat(stage.read(conference).state()).isEqualTo(ConferenceState.ENDED);
  }

  @Test
  void countThatACrashLeftWrongIsRightAMinuteLater() {
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.facts.onState(
        Stage.FIRST, 1, new StateEvent.ParticipantConnected(conference, 1, ana.id()));
    // Somebody was counted, and the node that did it died before the stay was stored.
    stage.store.write(stage.read(conference).withOneMore(stage.clock.instant()));

    pass(60);
    assertThat(stage.read(conference).participantCount()).as("may be joining").isEqualTo(2);
    pass(1);
    assertThat(stage.read(conference).participantCount()).isEqualTo(1);

    Conference right = stage.read(conference);
    pass(61);
    Conference checked = stage.read(conference);
    assertThat(checked.revision()).as("what clients see").isEqualTo(right.revision());
    assertThat(checked.times().recountedAt()).isEqualTo(stage.clock.instant());
    pass(599);
    assertThat(stage.read(conference).version()).as("nothing to do").isEqualTo(checked.version());
    pass(1);
    assertThat(stage.read(conference).version()).isEqualTo(checked.version() + 1);
  }

  private void pass(long seconds) {
    stage.clock.advance(Duration.ofSeconds(seconds));
    stage.dueWork.run();
  }

  @Test
  void whoNeverConnectsLeaves() {
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    Participant silent = stage.join(conference, "silent");
    stage.clock.advance(Duration.ofSeconds(20));
    Participant late = stage.offer(stage.join(conference, "late"));

    stage.clock.advance(Duration.ofSeconds(10));
    stage.dueWork.run();
    assertThat(stage.read(silent).state()).isEqualTo(ParticipantState.LEFT);
    assertThat(stage.read(late).state()).isEqualTo(ParticipantState.CONNECTING);

    stage.clock.advance(Duration.ofSeconds(20));
    stage.dueWork.run();
    assertThat(stage.read(late).departure())
        .isNotNull()
        .extracting(Participant.Departure::reason)
        .isEqualTo(LeaveReason.ICE_TIMEOUT);
    assertThat(stage.ordersOf(Stage.FIRST).getLast())
        .isEqualTo(new Order.RemoveParticipant(late.id()));
  }

  @Test
  void endingThatACrashCutShortIsFinished() {
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.store.write(stage.read(conference).ending(EndReason.API, stage.clock.instant()));

    stage.clock.advance(Duration.ofSeconds(5));
    stage.dueWork.run();

    assertThat(stage.read(conference).state()).isEqualTo(ConferenceState.ENDED);
    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.LEFT);
    assertThat(stage.ordersOf(Stage.FIRST).getLast()).isEqualTo(new Order.EndConference());
    assertThat(stage.events.getLast())
        .isEqualTo(new ConferenceEvent.ConferenceEnded(EndReason.API));
  }
}
