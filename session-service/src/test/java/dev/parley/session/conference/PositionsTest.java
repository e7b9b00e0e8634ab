package dev.parley.session.conference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where people are: told at once, stored now and then. */
final class PositionsTest {
  private final Stage stage = new Stage();
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private final Positions positions =
      new Positions(
          stage.store,
          stage.clock,
          stage.participants,
          (_, event) -> stage.events.add(event),
          Runnable::run,
          (_, work) -> waiting.add(work));

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void walkOfAMinuteCostsTheStoreAtMostFourWrites() {
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    Participant ana = stage.join(conference, "ana");
    long before = stage.read(ana).version();
    stage.events.clear();

    for (int step = 0; step < 240; step++) {
      place(ana, step);
      stage.clock.advance(Duration.ofMillis(250));
      if (step % 80 == 79) {
        // Twenty seconds after the last write.
        waiting.removeFirst().run();
      }
    }

    assertThat(stage.read(ana).version() - before).isBetween(2L, 4L);
    assertThat(stage.read(ana).standing().position()).isEqualTo(new Position(239, 0, 0));
    assertThat(waiting).isEmpty();
    assertThat(stage.events).hasSizeBetween(240, 244);
  }

  @Test
  void whatIsNotStoredYetIsKnownHere() {
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    Participant ana = stage.join(conference, "ana");
    place(ana, 1);
    place(ana, 2);

    assertThat(stage.read(ana).standing().position()).isEqualTo(new Position(1, 0, 0));
    assertThat(positions.present(stage.read(ana)).standing().position())
        .isEqualTo(new Position(2, 0, 0));
    positions.settle(conference, ana.id());
    assertThat(stage.read(ana).standing().position()).isEqualTo(new Position(2, 0, 0));
  }

  @Test
  void standingStillCostsNothing() {
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    Participant ana = stage.join(conference, "ana");
    place(ana, 1);
    int told = stage.events.size();
    long version = stage.read(ana).version();

    place(ana, 1);

    assertThat(stage.events).hasSize(told);
    assertThat(stage.read(ana).version()).isEqualTo(version);
  }

  @Test
  void stepsAreNoNewsForOtherSystems() {
    stage.told.isWanted = true;
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.facts.onState(
        Stage.FIRST, 1, new StateEvent.ParticipantConnected(conference, 1, ana.id()));
    int told = stage.told.types(conference).size();

    place(ana, 1);

    assertThat(stage.told.types(conference)).hasSize(told);
    assertThat(stage.read(ana).standing().position()).isNotNull();
  }

  @Test
  void whoHasLeftIsNowhere() {
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    Participant ana = stage.join(conference, "ana");
    place(ana, 1);
    place(ana, 2);
    stage.participants.leave(conference, ana.id(), LeaveReason.CLIENT);
    waiting.forEach(Runnable::run);

    assertThat(Stage.refusal(positions.place(conference, ana.id(), new Position(3, 0, 0), null)))
        .isInstanceOf(Refusal.Left.class);
    assertThat(stage.read(ana).standing().position()).isEqualTo(new Position(1, 0, 0));
  }

  @Test
  void coordinatesAreBoundedAndFinite() {
    assertThatThrownBy(() -> new Position(Double.NaN, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Position(0, Double.NEGATIVE_INFINITY, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Position(0, 0, 10_000.1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void place(Participant who, double x) {
    Stage.done(positions.place(who.conference(), who.id(), new Position(x, 0, 0), null));
  }
}
