package dev.parley.common.control;

import dev.parley.common.control.StateEvent.CarriedOut;
import dev.parley.common.control.StateEvent.ConferenceClosed;
import dev.parley.common.control.StateEvent.EncodersChanged;
import dev.parley.common.control.StateEvent.IceBegunAnew;
import dev.parley.common.control.StateEvent.ParticipantConnected;
import dev.parley.common.control.StateEvent.ParticipantGone;
import dev.parley.common.control.StateEvent.ParticipantReconnecting;
import dev.parley.common.control.StateEvent.RecordingEnded;
import dev.parley.common.control.StateEvent.SessionBegan;
import dev.parley.common.control.StateEvent.SessionGone;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state events a media server still owes the session tier. One thread.
 *
 * <p>Events wait without a number and get one only when they are first sent, so that those waiting
 * can be merged without leaving a gap: of a participant only the newest event waits, for it tells
 * all that the older ones did; of a conference's encoders likewise, and of what was done unrecorded
 * the newest that undoes or repeats the others; a closed conference makes "connected" and
 * "reconnecting" of its participants, the beginnings and ends of single sessions, and what is told
 * of its encoders, moot. Sent events keep their number until an {@link Acknowledge} covers it;
 * after a break they are sent again, as they were.
 *
 * <p>Nothing is ever dropped, and yet the outbox is bounded: at most {@link
 * ControlLimits#REPORTS_IN_FLIGHT_MAX} sent, and one waiting for each participant, two for each of
 * its sessions, three more if it was muted, held and taken out unrecorded, two for each conference
 * not yet reported over, one for each segment of a recording in the spool. New ones come only by
 * command, so a server whose outbox {@link #isFull} answers "busy" to an admission until the
 * session tier has caught up.
 */
public final class StateOutbox {
  private final int windowMax;
  private final int waitingMax;
  private final ArrayDeque<StateReport> sent = new ArrayDeque<>();
  private final LinkedHashMap<Subject, StateEvent> waiting = new LinkedHashMap<>();
  private long nextSequence = 1;
  // How many of the sent are to be sent again before anything new.
  private int toRepeat;
  private long merged;

  /** What of a conference an event is about. */
  private enum Topic {
    PARTICIPANT,
    SESSION,
    ICE,
    MUTING,
    HOLDING,
    DEPARTURE,
    ENCODERS,
    RECORDING,
    CONFERENCE
  }

  /**
   * What an event is about.
   *
   * @param participant null unless it is about one
   * @param part the session's name, or the recording's and its segment's; null if it is of neither
   */
  private record Subject(
      ConferenceId conference,
      Topic topic,
      @Nullable ParticipantId participant,
      @Nullable String part) {}

  /**
   * @param windowMax how many may be sent and not acknowledged
   * @param waitingMax how many may wait before {@link #isFull}
   */
  public StateOutbox(int windowMax, int waitingMax) {
    this.windowMax = windowMax;
    this.waitingMax = waitingMax;
  }

  /** Takes an event in, at the end of what waits. */
  public void offer(StateEvent event) {
    Subject subject = subject(event);
    // Removed first, so that the newer event takes its place at the end: "closed" stays last.
    if (waiting.remove(subject) != null) {
      merged++;
    }
    if (event instanceof ConferenceClosed(ConferenceId conference, long epoch, var _)) {
      dropMoot(conference, epoch);
    }
    waiting.put(subject, event);
  }

  /** Returns what to send next, or null if there is nothing or the window is full. */
  public @Nullable StateReport next() {
    if (toRepeat > 0) {
      StateReport report = nthFromEnd(toRepeat);
      toRepeat--;
      return report;
    }
    if (sent.size() >= windowMax) {
      return null;
    }
    Map.Entry<Subject, StateEvent> eldest = waiting.pollFirstEntry();
    if (eldest == null) {
      return null;
    }
    StateReport report = new StateReport(nextSequence++, eldest.getValue());
    sent.addLast(report);
    return report;
  }

  /** Starts again with the first report not acknowledged: the link it went by has broken. */
  public void rewind() {
    toRepeat = sent.size();
  }

  /**
   * Forgets every report up to and including the sequence.
   *
   * @return false if nothing with that number was ever sent: the peer is confused
   */
  public boolean acknowledge(long sequence) {
    if (sequence >= nextSequence) {
      return false;
    }
    StateReport first = sent.peekFirst();
    while (first != null && first.sequence() <= sequence) {
      sent.removeFirst();
      first = sent.peekFirst();
    }
    toRepeat = Math.min(toRepeat, sent.size());
    return true;
  }

  /**
   * Returns the snapshot as it was before the events still owed: with the participants whose end
   * has not been acknowledged. A {@link Hello} with it, and the reports that follow, together tell
   * the present, and each end arrives with its reason instead of as a mere absence.
   */
  public List<ConferenceSnapshot> beforeOwed(List<ConferenceSnapshot> present) {
    Map<ConferenceId, Long> epochs = new LinkedHashMap<>();
    Map<ConferenceId, Set<ParticipantId>> participants = new LinkedHashMap<>();
    for (ConferenceSnapshot snapshot : present) {
      epochs.put(snapshot.conference(), snapshot.epoch());
      participants.put(snapshot.conference(), new LinkedHashSet<>(snapshot.participants()));
    }
    for (StateReport report : sent) {
      addEnded(report.event(), epochs, participants);
    }
    for (StateEvent event : waiting.values()) {
      addEnded(event, epochs, participants);
    }
    List<ConferenceSnapshot> before = new ArrayList<>(participants.size());
    participants.forEach((conference, ids) ->
        before.add(
            new ConferenceSnapshot(
                conference, epochs.getOrDefault(conference, 0L), List.copyOf(ids))));
    return before;
  }

  /** Events without a number yet. */
  public int waitingCount() {
    return waiting.size();
  }

  /** Reports sent and not acknowledged. */
  public int inFlightCount() {
    return sent.size();
  }

  /** Events that a newer one of the same subject has replaced. */
  public long mergedCount() {
    return merged;
  }

  public boolean isEmpty() {
    return waiting.isEmpty() && sent.isEmpty();
  }

  /** True when new participants, who would bring new events, should be refused. */
  public boolean isFull() {
    return waiting.size() >= waitingMax;
  }

  private void dropMoot(ConferenceId conference, long epoch) {
    Iterator<StateEvent> events = waiting.values().iterator();
    while (events.hasNext()) {
      StateEvent event = events.next();
      boolean isMoot =
          event instanceof ParticipantConnected
              || event instanceof ParticipantReconnecting
              || event instanceof SessionBegan
              || event instanceof IceBegunAnew
              || event instanceof SessionGone
              || event instanceof EncodersChanged;
      if (isMoot && event.conference().equals(conference) && event.epoch() <= epoch) {
        events.remove();
        merged++;
      }
    }
  }

  private StateReport nthFromEnd(int n) {
    Iterator<StateReport> newestFirst = sent.descendingIterator();
    StateReport report = newestFirst.next();
    for (int i = 1; i < n; i++) {
      report = newestFirst.next();
    }
    return report;
  }

  private static void addEnded(
      StateEvent event,
      Map<ConferenceId, Long> epochs,
      Map<ConferenceId, Set<ParticipantId>> participants) {
    ConferenceId conference = event.conference();
    switch (event) {
      case ParticipantGone gone -> {
        epochs.putIfAbsent(conference, event.epoch());
        participants
            .computeIfAbsent(conference, _ -> new LinkedHashSet<>())
            .add(gone.participant());
      }
      case CarriedOut done when done.deed().isDeparture() -> {
        epochs.putIfAbsent(conference, event.epoch());
        participants
            .computeIfAbsent(conference, _ -> new LinkedHashSet<>())
            .add(done.participant());
      }
      case ConferenceClosed _ -> {
        epochs.putIfAbsent(conference, event.epoch());
        participants.computeIfAbsent(conference, _ -> new LinkedHashSet<>());
      }
      case ParticipantConnected _,
          ParticipantReconnecting _,
          SessionBegan _,
          SessionGone _,
          IceBegunAnew _,
          CarriedOut _,
          EncodersChanged _,
          RecordingEnded _ -> {}
    }
  }

  private static Subject subject(StateEvent event) {
    return switch (event) {
      case ParticipantConnected connected ->
          subject(connected.conference(), connected.participant());
      case ParticipantReconnecting reconnecting ->
          subject(reconnecting.conference(), reconnecting.participant());
      case ParticipantGone gone -> subject(gone.conference(), gone.participant());
      case SessionBegan began ->
          new Subject(began.conference(), Topic.SESSION, began.participant(), began.session());
      case IceBegunAnew anew ->
          new Subject(anew.conference(), Topic.ICE, anew.participant(), anew.session());
      case SessionGone gone ->
          new Subject(gone.conference(), Topic.SESSION, gone.participant(), gone.session());
      case CarriedOut done ->
          new Subject(done.conference(), topic(done.deed()), done.participant(), null);
      case EncodersChanged changed -> new Subject(changed.conference(), Topic.ENCODERS, null, null);
      case RecordingEnded ended ->
          new Subject(
              ended.conference(),
              Topic.RECORDING,
              null,
              ended.recording().value() + '.' + ended.segment());
      case ConferenceClosed closed ->
          new Subject(closed.conference(), Topic.CONFERENCE, null, null);
    };
  }

  private static Topic topic(Deed deed) {
    return switch (deed) {
      case MUTE, UNMUTE -> Topic.MUTING;
      case HOLD, RELEASE -> Topic.HOLDING;
      case LEAVE, EVICT -> Topic.DEPARTURE;
    };
  }

  private static Subject subject(ConferenceId conference, ParticipantId participant) {
    return new Subject(conference, Topic.PARTICIPANT, participant, null);
  }
}
