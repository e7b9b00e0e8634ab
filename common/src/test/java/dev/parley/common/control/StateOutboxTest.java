package dev.parley.common.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.StateEvent.CarriedOut;
import dev.parley.common.control.StateEvent.ClosedReason;
import dev.parley.common.control.StateEvent.ConferenceClosed;
import dev.parley.common.control.StateEvent.EncodersChanged;
import dev.parley.common.control.StateEvent.GoneReason;
import dev.parley.common.control.StateEvent.IceBegunAnew;
import dev.parley.common.control.StateEvent.ParticipantConnected;
import dev.parley.common.control.StateEvent.ParticipantGone;
import dev.parley.common.control.StateEvent.ParticipantReconnecting;
import dev.parley.common.control.StateEvent.RecordingEnded;
import dev.parley.common.control.StateEvent.SessionBegan;
import dev.parley.common.control.StateEvent.SessionGone;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.RecordingId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StateOutboxTest {
  private static final ConferenceId CONFERENCE = new ConferenceId("cf_1");
  private static final ParticipantId ANA = new ParticipantId("pt_1");
  private static final ParticipantId BEN = new ParticipantId("pt_2");

  private final StateOutbox outbox = new StateOutbox(4, 3);

  @Test
  void sequencesCountFromOneWithoutAGap() {
    outbox.offer(connected(ANA));
    outbox.offer(connected(BEN));

    assertThat(drain()).containsExactly(report(1, connected(ANA)), report(2, connected(BEN)));
    assertThat(outbox.next()).isNull();
  }

  @Test
  void afterABreakTheSameReportsComeAgain() {
    outbox.offer(connected(ANA));
    outbox.offer(connected(BEN));
    List<StateReport> first = drain();

    outbox.rewind();

    assertThat(drain()).isEqualTo(first);
  }

  @Test
  void whatIsAcknowledgedDoesNotComeAgain() {
    outbox.offer(connected(ANA));
    outbox.offer(connected(BEN));
    drain();
    outbox.rewind();
    outbox.next();

    assertThat(outbox.acknowledge(1)).isTrue();
    outbox.rewind();

    assertThat(drain()).containsExactly(report(2, connected(BEN)));
  }

  @Test
  void anAcknowledgementOfWhatWasNeverSentIsRefused() {
    outbox.offer(connected(ANA));

    assertThat(outbox.acknowledge(1)).isFalse();
    drain();
    assertThat(outbox.acknowledge(2)).isFalse();
    assertThat(outbox.acknowledge(1)).isTrue();
    assertThat(outbox.acknowledge(1)).as("again").isTrue();
    assertThat(outbox.isEmpty()).isTrue();
  }

  @Test
  void ofAParticipantOnlyTheNewestEventWaits() {
    outbox.offer(connected(ANA));
    outbox.offer(new ParticipantReconnecting(CONFERENCE, 1, ANA));
    outbox.offer(connected(BEN));
    outbox.offer(gone(ANA));

    assertThat(drain()).containsExactly(report(1, connected(BEN)), report(2, gone(ANA)));
    assertThat(outbox.mergedCount()).isEqualTo(2);
  }

  @Test
  void ofAConferencesEncodersOnlyTheNewestEventWaitsBesideItsEnd() {
    ConferenceClosed closed = new ConferenceClosed(CONFERENCE, 1, ClosedReason.ENDED);
    outbox.offer(new EncodersChanged(CONFERENCE, 1, 3, 5));
    outbox.offer(connected(ANA));
    outbox.offer(new EncodersChanged(CONFERENCE, 1, 1, 5));

    assertThat(drain())
        .containsExactly(
            report(1, connected(ANA)), report(2, new EncodersChanged(CONFERENCE, 1, 1, 5)));
    outbox.offer(closed);
    outbox.offer(new EncodersChanged(CONFERENCE, 2, 3, 5));
    assertThat(drain())
        .containsExactly(report(3, closed), report(4, new EncodersChanged(CONFERENCE, 2, 3, 5)));
  }

  @Test
  void aClosedConferenceMakesConnectionsMootButKeepsReasonsOfGoing() {
    outbox.offer(connected(ANA));
    outbox.offer(new EncodersChanged(CONFERENCE, 1, 3, 5));
    outbox.offer(gone(BEN));
    ConferenceClosed closed = new ConferenceClosed(CONFERENCE, 1, ClosedReason.ENDED);
    outbox.offer(closed);

    assertThat(drain()).containsExactly(report(1, gone(BEN)), report(2, closed));
  }

  @Test
  void whatIsSentIsNeverChangedByWhatFollows() {
    outbox.offer(connected(ANA));
    drain();
    outbox.offer(gone(ANA));
    outbox.rewind();

    assertThat(drain()).containsExactly(report(1, connected(ANA)), report(2, gone(ANA)));
  }

  @Test
  void theWindowHoldsBackWhatIsNew() {
    for (int i = 0; i < 6; i++) {
      outbox.offer(connected(new ParticipantId("pt_" + i)));
    }

    assertThat(drain()).hasSize(4);
    assertThat(outbox.waitingCount()).isEqualTo(2);
    outbox.acknowledge(1);
    assertThat(drain()).hasSize(1);
  }

  @Test
  void itIsFullWhenManyWait() {
    outbox.offer(connected(ANA));
    outbox.offer(connected(BEN));
    assertThat(outbox.isFull()).isFalse();

    outbox.offer(new ConferenceClosed(new ConferenceId("cf_2"), 1, ClosedReason.ENDED));

    assertThat(outbox.isFull()).isTrue();
  }

  @Test
  void theGreetingStillListsThoseWhoseEndIsOwed() {
    outbox.offer(gone(ANA));
    outbox.next();
    outbox.offer(gone(BEN));
    outbox.offer(new ConferenceClosed(new ConferenceId("cf_2"), 5, ClosedReason.ENDED));
    ParticipantId cleo = new ParticipantId("pt_3");

    List<ConferenceSnapshot> before =
        outbox.beforeOwed(List.of(new ConferenceSnapshot(CONFERENCE, 2, List.of(cleo))));

    assertThat(before)
        .containsExactly(
            new ConferenceSnapshot(CONFERENCE, 2, List.of(cleo, ANA, BEN)),
            new ConferenceSnapshot(new ConferenceId("cf_2"), 5, List.of()));
  }

  @Test
  void whatWasDoneUnrecordedWaitsBesideWhatHappenedAndTheNewestOfEachKindIsTold() {
    CarriedOut muted = new CarriedOut(CONFERENCE, 1, ANA, Deed.MUTE, 0);
    CarriedOut unmuted = new CarriedOut(CONFERENCE, 1, ANA, Deed.UNMUTE, 0);
    CarriedOut held = new CarriedOut(CONFERENCE, 1, ANA, Deed.HOLD, 0);
    CarriedOut out = new CarriedOut(CONFERENCE, 1, ANA, Deed.EVICT, 60);
    ConferenceClosed closed = new ConferenceClosed(CONFERENCE, 1, ClosedReason.ENDED);
    List.of(muted, held, unmuted, out, gone(ANA), closed).forEach(outbox::offer);

    assertThat(outbox.beforeOwed(List.of()))
        .as("whoever was taken out is missed only when that is told")
        .containsExactly(new ConferenceSnapshot(CONFERENCE, 1, List.of(ANA)));
    StateOutbox large = new StateOutbox(8, 8);
    List.of(muted, held, unmuted, out, gone(ANA), closed).forEach(large::offer);
    List<StateEvent> told = new ArrayList<>();
    for (StateReport next = large.next(); next != null; next = large.next()) {
      told.add(next.event());
    }
    assertThat(told).containsExactly(held, unmuted, out, gone(ANA), closed);
  }

  /** Against a plain list of all events: nothing is lost, whatever breaks and in whatever order. */
  @Property(tries = 300)
  void whateverBreaksTheReceiverEndsWithTheNewestOfEverything(@ForAll long seed) {
    Random random = new Random(seed);
    StateOutbox mine = new StateOutbox(1 + random.nextInt(8), 100);
    Map<Object, StateEvent> newest = new HashMap<>();
    Map<Object, StateEvent> told = new HashMap<>();
    Map<Long, StateReport> everSent = new HashMap<>();
    long applied = 0;

    for (int step = 0; step < 200 || !mine.isEmpty(); step++) {
      int action = step < 200 ? random.nextInt(10) : 4 + random.nextInt(5);
      if (action < 4) {
        StateEvent event = event(random);
        mine.offer(event);
        newest.put(subject(event), event);
      } else if (action < 8) {
        StateReport report = mine.next();
        boolean isLost = random.nextInt(4) == 0;
        if (report != null && !isLost) {
          assertThat(everSent.computeIfAbsent(report.sequence(), _ -> report)).isEqualTo(report);
          if (report.sequence() == applied + 1) {
            applied++;
            told.put(subject(report.event()), report.event());
          }
        } else if (report != null) {
          // What is lost on the wire is lost because the link broke.
          mine.rewind();
        }
      } else if (action == 8) {
        mine.acknowledge(applied);
      } else {
        mine.rewind();
      }
      assertThat(mine.waitingCount()).isLessThanOrEqualTo(9 + 9 * 2 * 2 + 9 * 3 + 3 + 3 * 2);
    }

    assertThat(told).isEqualTo(newest);
  }

  private List<StateReport> drain() {
    List<StateReport> reports = new ArrayList<>();
    for (StateReport next = outbox.next(); next != null; next = outbox.next()) {
      reports.add(next);
    }
    return reports;
  }

  private static StateEvent event(Random random) {
    ConferenceId conference = new ConferenceId("cf_" + random.nextInt(3));
    ParticipantId participant = new ParticipantId("pt_" + random.nextInt(3));
    return switch (random.nextInt(9)) {
      case 6 -> ended(conference, random.nextInt(2) + 1);
      case 7 -> new CarriedOut(conference, 1, participant, deed(random), random.nextInt(3));
      case 8 -> new IceBegunAnew(conference, 1, participant, "s-" + random.nextInt(2), "EsAw");
      case 5 -> began(conference, participant, "s-" + random.nextInt(2));
      case 4 -> new SessionGone(conference, 1, participant, "s-" + random.nextInt(2));
      case 3 -> new EncodersChanged(conference, 1, random.nextInt(6), 5);
      case 0 -> new ParticipantConnected(conference, 1, participant);
      case 1 -> new ParticipantReconnecting(conference, 1, participant);
      default -> new ParticipantGone(conference, 1, participant, GoneReason.CLIENT);
    };
  }

  private static Deed deed(Random random) {
    Deed[] some = {Deed.MUTE, Deed.HOLD, Deed.RELEASE, Deed.LEAVE, Deed.EVICT};
    return some[random.nextInt(some.length)];
  }

  private static Object subject(StateEvent event) {
    return switch (event) {
      case ParticipantConnected e -> List.of(e.conference(), e.participant());
      case ParticipantReconnecting e -> List.of(e.conference(), e.participant());
      case ParticipantGone e -> List.of(e.conference(), e.participant());
      case SessionBegan e -> List.of(e.conference(), e.participant(), e.session());
      case SessionGone e -> List.of(e.conference(), e.participant(), e.session());
      case IceBegunAnew e -> List.of(e.conference(), e.participant(), e.session(), "ice");
      case CarriedOut e ->
          List.of(
              e.conference(),
              e.participant(),
              e.deed().isDeparture() ? "out" : e.deed() == Deed.MUTE ? "muting" : "holding");
      case EncodersChanged e -> List.of(e.conference(), "encoders");
      case RecordingEnded e -> List.of(e.conference(), e.recording(), e.segment());
      case ConferenceClosed e -> e.conference();
    };
  }

  private static StateReport report(long sequence, StateEvent event) {
    return new StateReport(sequence, Objects.requireNonNull(event));
  }

  private static StateEvent ended(ConferenceId conference, int segment) {
    return new RecordingEnded(
        conference,
        1,
        new RecordingId("rc_" + conference),
        segment,
        StateEvent.RecordingEndCause.STOPPED,
        1,
        0,
        0);
  }

  private static StateEvent began(
      ConferenceId conference, ParticipantId participant, String session) {
    return new SessionBegan(
        conference,
        1,
        participant,
        session,
        Order.SignallingProfile.RTC,
        Order.Listening.MIX,
        "EsAw",
        false,
        false);
  }

  private static StateEvent connected(ParticipantId participant) {
    return new ParticipantConnected(CONFERENCE, 1, participant);
  }

  private static StateEvent gone(ParticipantId participant) {
    return new ParticipantGone(CONFERENCE, 1, participant, GoneReason.CLIENT);
  }
}
