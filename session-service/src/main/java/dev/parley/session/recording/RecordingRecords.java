package dev.parley.session.recording;

import dev.parley.common.id.RecordingId;
import dev.parley.session.conference.ContendedException;
import dev.parley.session.conference.RecordingBoard;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Changes recordings that others may be changing, says when they are due, and shows each change on
 * the conference's board. Thread-safe; blocks.
 */
final class RecordingRecords {
  /** How long what was recorded may take to come to its store, and segments to be heard of. */
  static final Duration UPLOAD_TIME_MAX = Duration.ofHours(24);

  private static final Duration UNSETTLED_LOOK = Duration.ofSeconds(3);
  private static final Duration RUNNING_LOOK = Duration.ofSeconds(20);
  private static final Duration STOPPING_LOOK_MAX = Duration.ofMinutes(2);
  private static final int ATTEMPTS_MAX = 100;

  private final RecordingStore store;
  private final RecordingBoard board;
  private final Clock clock;

  RecordingRecords(RecordingStore store, RecordingBoard board, Clock clock) {
    this.store = store;
    this.board = board;
    this.clock = clock;
  }

  /** Now, in whole milliseconds, as the store keeps it. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Stores a new recording; null if there is one of that id. */
  @Nullable Recording create(Recording recording) {
    return store.write(due(recording));
  }

  /**
   * Makes a change.
   *
   * @param change may be asked several times; null if there is nothing to change
   * @return the recording as it is now, or null if there is none
   */
  @Nullable Recording change(RecordingId id, Function<Recording, @Nullable Recording> change) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Recording before = store.recording(id);
      Recording next = before == null ? null : change.apply(before);
      if (before == null || next == null) {
        return before;
      }
      Recording after = store.write(due(next));
      if (after != null) {
        show(after);
        return after.state().isOver() ? settled(after) : after;
      }
    }
    throw new ContendedException("recording " + id);
  }

  /** All has been told of it: nobody need look after it any more. */
  Recording settled(Recording over) {
    Recording written = store.write(over.dueAt(null));
    return written == null ? over : written;
  }

  /** Takes what is due of it, so that nobody else does it for a while; null if somebody has. */
  @Nullable Recording taken(Recording seen) {
    return store.write(due(seen));
  }

  /** Shows it on the board of its conference; again does no harm. */
  void show(Recording recording) {
    board.show(recording.conference(), recording.entry(), describe(recording));
  }

  private Recording due(Recording recording) {
    Instant endedAt = recording.times().endedAt();
    Segment last = recording.last();
    Instant dueAt =
        switch (recording.state()) {
          case STARTING, AVAILABLE, FAILED -> now().plus(UNSETTLED_LOOK);
          case STOPPING -> now().plus(patience(endedAt));
          case RECORDING, PAUSED ->
              now().plus(last != null && last.isRunning() ? RUNNING_LOOK : UNSETTLED_LOOK);
          case UPLOADING ->
              Objects.requireNonNullElse(endedAt, recording.times().createdAt())
                  .plus(UPLOAD_TIME_MAX);
        };
    return recording.dueAt(dueAt);
  }

  /** The longer nobody has answered, the less often is asked. */
  private Duration patience(@Nullable Instant endedAt) {
    Duration since =
        endedAt == null ? Duration.ZERO : Duration.between(endedAt, now()).dividedBy(2);
    Duration atLeast = since.compareTo(UNSETTLED_LOOK) > 0 ? since : UNSETTLED_LOOK;
    return atLeast.compareTo(STOPPING_LOOK_MAX) < 0 ? atLeast : STOPPING_LOOK_MAX;
  }

  /** What the tenant's own systems are told of it. */
  private static Map<String, Object> describe(Recording recording) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("recordingId", recording.id().value());
    data.put("mode", recording.wish().mode().name().toLowerCase(Locale.ROOT));
    data.put("state", recording.state().name().toLowerCase(Locale.ROOT));
    EndReason reason = recording.endReason();
    if (reason != null) {
      data.put("endReason", reason.name().toLowerCase(Locale.ROOT).replace('_', '-'));
      data.put("durationMs", recording.durationMs());
    }
    if (recording.state().isOver()) {
      data.put("objectIds", recording.objects());
    }
    return data;
  }
}
