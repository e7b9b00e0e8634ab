package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What everybody in a conference sees of its recordings, and which of them may run: kept in the
 * conference's own record, which so decides between two that want to begin at once. The tenant's
 * own systems are told in the same write. Thread-safe; blocks on the store.
 */
public final class RecordingBoard {
  /** Recordings of one conference that are not available yet, at most. */
  public static final int RECORDINGS_MAX = 50;

  private final Changes changes;
  private final Notices notices;
  private final ConferenceEventSink events;

  public RecordingBoard(
      ConferenceStore store, Clock clock, Notices notices, ConferenceEventSink events) {
    this.changes = new Changes(store, clock);
    this.notices = notices;
    this.events = events;
  }

  /**
   * Puts a recording up that is to begin, unless another of its mode runs; again does no harm.
   *
   * @return null if it is there
   */
  public @Nullable Refusal claim(ConferenceId id, RecordingEntry entry) {
    Changes.Changed<Conference> changed =
        changes.conference(
            id, c -> refusal(c, entry) == null && find(c, entry) == null ? with(c, entry) : null);
    Conference before = changed.before();
    if (before == null) {
      return new Refusal.NotFound("conference");
    }
    Refusal refusal = refusal(before, entry);
    if (refusal == null && changed.after() != null) {
      events.publish(id, new ConferenceEvent.RecordingChanged(entry));
    }
    return refusal;
  }

  private static @Nullable Refusal refusal(Conference conference, RecordingEntry entry) {
    if (find(conference, entry) != null) {
      return null;
    }
    if (!conference.state().isOpen()) {
      return Admission.ended(conference);
    }
    if (conference.state() != ConferenceState.LIVE) {
      return new Refusal.NotLive();
    }
    for (RecordingEntry other : conference.recordings()) {
      if (other.mode() == entry.mode() && other.state().isRunning()) {
        return new Refusal.AlreadyRecorded(other.id());
      }
    }
    return conference.recordings().size() >= RECORDINGS_MAX
        ? new Refusal.TooManyRecordings(RECORDINGS_MAX)
        : null;
  }

  /**
   * Shows how a recording is now, if that is news. One that is over leaves the board.
   *
   * @param data what the tenant's own systems are told of it
   */
  public void show(ConferenceId id, RecordingEntry entry, Map<String, Object> data) {
    Changes.Changed<Conference> changed =
        changes.conference(
            id,
            c -> {
              RecordingEntry before = find(c, entry);
              return before == null || before.version() >= entry.version() || isSame(before, entry)
                  ? null
                  : posted(shown(c, entry), before, entry, data);
            });
    Conference after = changed.after();
    if (after == null) {
      return;
    }
    notices.wake(after);
    if (after.state().isOpen()) {
      events.publish(id, new ConferenceEvent.RecordingChanged(entry));
    }
  }

  /** What differs in nothing that is shown is not worth a write. */
  private static boolean isSame(RecordingEntry one, RecordingEntry other) {
    return one.state() == other.state() && Objects.equals(one.startedAt(), other.startedAt());
  }

  private Conference posted(
      Conference conference, RecordingEntry before, RecordingEntry now, Map<String, Object> data) {
    boolean hasBegun =
        before.state() == RecordingState.STARTING && now.state() == RecordingState.RECORDING;
    NoticeType type =
        switch (now.state()) {
          case AVAILABLE -> NoticeType.RECORDING_AVAILABLE;
          case FAILED -> NoticeType.RECORDING_FAILED;
          default -> hasBegun ? NoticeType.RECORDING_STARTED : null;
        };
    return type == null
        ? conference
        : conference.withOutbox(notices.post(conference.tenant(), conference.outbox(), type, data));
  }

  private static Conference shown(Conference conference, RecordingEntry entry) {
    return conference.withRecordings(
        conference.recordings().stream()
            .map(other -> other.id().equals(entry.id()) ? entry : other)
            .filter(other -> !other.state().isOver())
            .toList());
  }

  private static Conference with(Conference conference, RecordingEntry entry) {
    List<RecordingEntry> next = new ArrayList<>(conference.recordings());
    next.add(entry);
    return conference.withRecordings(next);
  }

  private static @Nullable RecordingEntry find(Conference conference, RecordingEntry entry) {
    for (RecordingEntry other : conference.recordings()) {
      if (other.id().equals(entry.id())) {
        return other;
      }
    }
    return null;
  }
}
