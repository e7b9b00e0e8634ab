package dev.parley.session.recording;

import dev.parley.common.control.ControlLimits;
import dev.parley.common.control.Order.RecordingMode;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.RecordingId;
import dev.parley.session.conference.Answer;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.ConferenceStore;
import dev.parley.session.conference.MediaAnswer;
import dev.parley.session.conference.MediaServers;
import dev.parley.session.conference.RecordingBoard;
import dev.parley.session.conference.RecordingEntry;
import dev.parley.session.conference.RecordingFacts;
import dev.parley.session.conference.RecordingState;
import dev.parley.session.conference.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Recordings from their beginning until they can be fetched. A recording goes on where its
 * conference is: in another segment, if that moves or its media server dies. Every step may be
 * repeated, and several nodes may take the same one. Thread-safe; blocks on the store and on media
 * servers.
 */
public final class Recordings implements RecordingFacts {
  /** How long a media server may take to begin. */
  private static final Duration START_TIME_MAX = Duration.ofSeconds(30);

  /** Stands for the key of a request; those have something before the NUL, or after it. */
  private static final String AUTO = "\0";

  private static final int STEPS_MAX = 8;
  private static final int BATCH_MAX = 100;

  private final RecordingStore store;
  private final ConferenceStore conferences;
  private final RecordingBoard board;
  private final RecordingIds ids;
  private final Executor background;
  private final RecordingRecords records;
  private final Recorders recorders;
  private final LongAdder failures = new LongAdder();
  private volatile IntPredicate isOurs = _ -> true;

  /**
   * Takes what it needs.
   *
   * @param background has recordings brought on that nobody waits for, on threads that may block
   */
  public Recordings(
      RecordingStore store,
      ConferenceStore conferences,
      Clock clock,
      MediaServers mediaServers,
      RecordingBoard board,
      RecordingIds ids,
      Executor background) {
    this.store = store;
    this.conferences = conferences;
    this.board = board;
    this.ids = ids;
    this.background = background;
    this.records = new RecordingRecords(store, board, clock);
    this.recorders = new Recorders(conferences, mediaServers);
  }

  /** Returns what tells the Library where tracks belong, and hears what has come of them. */
  public RecordedTracks tracks() {
    return new RecordedTracks(this, store, conferences);
  }

  /** Says which shards of the due work this node looks at though nobody told it to. */
  public void share(IntPredicate ours) {
    isOurs = ours;
  }

  /**
   * A recording that was begun.
   *
   * @param isReplayed true if an earlier request did it
   */
  public record Begun(Recording recording, boolean isReplayed) {}

  /** What may be asked of a recording that runs. */
  public enum Target {
    RECORDING,
    PAUSED,
    STOPPED
  }

  /**
   * Begins a recording, or answers what an earlier request with the same key began.
   *
   * @param idempotencyKey null if a repetition is to begin another
   */
  public Answer<Begun> start(
      Conference conference, Recording.Wish wish, @Nullable String idempotencyKey) {
    RecordingId id = ids.next(conference.id(), idempotencyKey);
    Recording there = idempotencyKey == null ? null : store.recording(id);
    if (there != null) {
      return replay(there, wish);
    }
    Recording made =
        records.create(
            Recording.create(id, conference.tenant(), conference.id(), wish, records.now()));
    if (made == null) {
      Recording faster = store.recording(id);
      return faster == null
          ? new Answer.Refused<>(new Refusal.NotFound("recording"))
          : replay(faster, wish);
    }
    Refusal refusal = board.claim(conference.id(), made.entry());
    if (refusal != null) {
      store.remove(made);
      return new Answer.Refused<>(refusal);
    }
    Outcome outcome = drive(id);
    Recording begun = outcome.recording(made);
    return begun.state() == RecordingState.FAILED && outcome.detail() != null
        ? new Answer.Refused<>(new Refusal.NotRecorded(outcome.detail()))
        : new Answer.Done<>(new Begun(begun, false));
  }

  private static Answer<Begun> replay(Recording there, Recording.Wish wish) {
    if (there.endReason() == EndReason.NOT_BEGUN) {
      return new Answer.Refused<>(
          new Refusal.NotRecorded("the first request with this Idempotency-Key began nothing"));
    }
    return there.wish().requestHash().equals(wish.requestHash())
        ? new Answer.Done<>(new Begun(there, true))
        : new Answer.Refused<>(new Refusal.KeyReused());
  }

  /**
   * Somebody has agreed to be recorded, or does not any more: has media servers know.
   *
   * @return false if one did not say that it records nobody else
   */
  public boolean onConsent(Conference conference) {
    boolean isDone = true;
    for (RecordingEntry entry : conference.recordings()) {
      Recording recording = entry.state().isRunning() ? store.recording(entry.id()) : null;
      Segment last = recording == null ? null : recording.last();
      // Also one that is asked to begin now: it may have been told an older list.
      if (recording != null && last != null && last.end() == null) {
        MediaAnswer answer = recorders.setConsents(recording, last);
        isDone &= answer instanceof MediaAnswer.Accepted || answer instanceof MediaAnswer.NotFound;
      }
    }
    return isDone;
  }

  /** Has nothing kept of somebody; returns the recording as it is then, or null if it is gone. */
  @Nullable Recording forget(RecordingId id, Collection<String> names) {
    return records.change(id, recording -> recording.without(names));
  }

  /** Returns a recording of whichever tenant; null if there is none. */
  public @Nullable Recording find(RecordingId id) {
    return store.recording(id);
  }

  /** Returns a recording of a tenant; null if there is none. */
  public @Nullable Recording find(String tenant, String id) {
    RecordingId name;
    try {
      name = new RecordingId(id);
    } catch (IllegalArgumentException _) {
      return null;
    }
    Recording recording = store.recording(name);
    return recording == null || !recording.tenant().equals(tenant) ? null : recording;
  }

  /** Returns recordings, newest first; see {@link RecordingStore#list}. */
  public RecordingStore.Page list(
      String tenant, @Nullable ConferenceId conference, int limit, @Nullable String cursor) {
    return store.list(tenant, conference, limit, cursor);
  }

  /**
   * Pauses a recording, goes on with it or stops it; again is done too.
   *
   * @param expected does it only if it has this revision, or null
   */
  public Answer<Recording> change(Recording seen, Target target, @Nullable Long expected) {
    if (expected != null && expected != seen.revision()) {
      return new Answer.Refused<>(new Refusal.VersionMismatch(seen.revision()));
    }
    return switch (target) {
      case STOPPED -> stop(seen);
      case PAUSED -> pause(seen, true);
      case RECORDING -> pause(seen, false);
    };
  }

  private Answer<Recording> stop(Recording seen) {
    Instant now = records.now();
    Recording after =
        records.change(
            seen.id(), r -> r.state().isRunning() ? r.stopping(EndReason.STOPPED, now) : null);
    return new Answer.Done<>(drive(seen.id()).recording(after == null ? seen : after));
  }

  private Answer<Recording> pause(Recording seen, boolean paused) {
    RecordingState from = paused ? RecordingState.RECORDING : RecordingState.PAUSED;
    RecordingState to = paused ? RecordingState.PAUSED : RecordingState.RECORDING;
    if (seen.state() == to) {
      return new Answer.Done<>(seen);
    }
    if (seen.state() == RecordingState.STARTING && !paused) {
      return new Answer.Done<>(seen);
    }
    if (seen.state() != from) {
      return new Answer.Refused<>(new Refusal.RecordingOver(seen.state()));
    }
    Segment last = seen.last();
    if (last != null && last.begun() && last.end() == null) {
      Refusal refusal = refusal(recorders.pause(seen, last, paused));
      if (refusal != null) {
        return new Answer.Refused<>(refusal);
      }
    }
    Instant now = records.now();
    Recording after = records.change(seen.id(), r -> r.state() == from ? r.in(to, now) : null);
    if (after == null || after.state() != to) {
      return new Answer.Refused<>(
          new Refusal.RecordingOver(after == null ? seen.state() : after.state()));
    }
    return new Answer.Done<>(paused ? after : drive(seen.id()).recording(after));
  }

  private static @Nullable Refusal refusal(MediaAnswer answer) {
    return switch (answer) {
      case MediaAnswer.Accepted _ -> null;
      // It has just ended there; the next segment is begun as it is to be.
      case MediaAnswer.NotFound _ -> null;
      case MediaAnswer.Busy _,
          MediaAnswer.Unreachable _,
          MediaAnswer.Stale _,
          MediaAnswer.IceRestarted _,
          MediaAnswer.OfferRefused _ ->
          new Refusal.MediaUnreachable();
    };
  }

  @Override
  public void onEnded(StateEvent.RecordingEnded event) {
    Segment.End end =
        new Segment.End(
            event.cause(),
            event.tracks(),
            event.startedAtMs() == 0 ? null : Instant.ofEpochMilli(event.startedAtMs()),
            event.durationMs());
    Instant now = records.now();
    Recording recording =
        records.change(
            event.recording(),
            r ->
                r.conference().equals(event.conference())
                    ? r.withEnd(event.segment(), end, now)
                    : null);
    if (recording != null && !recording.state().isOver()) {
      background.execute(() -> drive(recording.id()));
    }
  }

  /**
   * A track of a segment has come to its store, or never will; again does no harm.
   *
   * @param segment counts from 1
   */
  public void onTrack(RecordingId id, int segment, Segment.Track track) {
    Instant now = records.now();
    Recording _ =
        records.change(
            id,
            r -> {
              Segment part = r.segment(segment);
              boolean isNews = part != null && !part.tracks().contains(track);
              return isNews && !r.state().isOver() ? r.with(segment, track, now) : null;
            });
  }

  @Override
  public void onMedia(Conference conference) {
    RecordingMode auto = conference.options().autoRecord();
    if (auto != null && conference.state().isOpen()) {
      // Once: whoever stops it means that.
      Answer<Begun> _ = start(conference, new Recording.Wish(auto, 1, new TreeMap<>(), ""), AUTO);
    }
    for (RecordingEntry entry : conference.recordings()) {
      if (entry.state().isRunning()) {
        Outcome _ = drive(entry.id());
      }
    }
  }

  /** Begins what is due now, each in the background, and returns how much that is. */
  public int run() {
    List<Recording> due = store.due(records.now(), BATCH_MAX, isOurs);
    for (Recording recording : due) {
      background.execute(() -> {
        try {
          lookAfter(recording.id());
        } catch (RuntimeException e) {
          // It is due still, or soon is again.
          failures.increment();
          store.again(recording);
        }
      });
    }
    return due.size();
  }

  /** How often what was due could not be done. */
  public long failureCount() {
    return failures.sum();
  }

  private void lookAfter(RecordingId id) {
    Recording seen = store.recording(id);
    Instant dueAt = seen == null ? null : seen.dueAt();
    if (seen == null || dueAt == null || records.now().isBefore(dueAt)) {
      return;
    }
    Recording recording = records.taken(seen);
    if (recording == null) {
      // Somebody else does it.
      return;
    }
    // A crash may have come before it was shown.
    Refusal refusal =
        recording.state() == RecordingState.STARTING
            ? board.claim(recording.conference(), recording.entry())
            : null;
    records.show(recording);
    if (recording.state().isOver()) {
      Recording _ = records.settled(recording);
      return;
    }
    if (refusal != null || isLate(recording)) {
      Instant now = records.now();
      Recording _ = records.change(id, r -> r.givenUp(now));
    }
    Outcome after = drive(id);
    Segment last = after.recording(recording).last();
    if (last != null && last.isRunning()) {
      // What was not heard when somebody changed their mind is told again.
      MediaAnswer _ = recorders.setConsents(recording, last);
    }
  }

  private boolean isLate(Recording recording) {
    Instant now = records.now();
    return switch (recording.state()) {
      case STARTING -> now.isAfter(recording.times().createdAt().plus(START_TIME_MAX));
      case STOPPING, UPLOADING -> {
        Instant endedAt = recording.times().endedAt();
        yield endedAt != null && now.isAfter(endedAt.plus(RecordingRecords.UPLOAD_TIME_MAX));
      }
      case RECORDING, PAUSED, AVAILABLE, FAILED -> false;
    };
  }

  /**
   * How far a recording has come.
   *
   * @param last as it was then, or null if there is none
   * @param detail why its media server does not record, if that ended it
   */
  private record Outcome(@Nullable Recording last, @Nullable String detail) {
    Recording recording(Recording otherwise) {
      return last == null ? otherwise : last;
    }
  }

  /** Brings a recording on as far as it goes now. */
  private Outcome drive(RecordingId id) {
    Recording recording = store.recording(id);
    String detail = null;
    for (int step = 0; step < STEPS_MAX && recording != null; step++) {
      Step taken =
          switch (recording.state()) {
            case STARTING, RECORDING, PAUSED -> follow(recording);
            case STOPPING -> new Step(gather(recording), null);
            case UPLOADING, AVAILABLE, FAILED -> new Step(recording, null);
          };
      detail = detail == null ? taken.detail() : detail;
      if (taken.after().version() == recording.version()) {
        break;
      }
      recording = taken.after();
    }
    return new Outcome(recording, detail);
  }

  private record Step(Recording after, @Nullable String detail) {}

  private Step step(Recording seen, Function<Recording, Recording> change) {
    Recording after =
        records.change(seen.id(), r -> r.version() == seen.version() ? change.apply(r) : null);
    return new Step(after == null ? seen : after, null);
  }

  /** Has a recording that runs go on where its conference is. */
  private Step follow(Recording recording) {
    Conference conference = conferences.conference(recording.conference());
    Instant now = records.now();
    if (conference == null || !conference.state().isOpen()) {
      return step(recording, r -> r.stopping(EndReason.CONFERENCE_ENDED, now));
    }
    Recorders.Place place = recorders.placeOf(recording);
    // What is said until it goes on is not to be recorded, not even a moment of it.
    boolean isPaused = recording.state() == RecordingState.PAUSED;
    if (place == null) {
      return new Step(recording, null);
    }
    Segment last = recording.last();
    if (last != null && last.end() == null && last.server().equals(place.server())) {
      return last.begun() || isPaused ? new Step(recording, null) : begin(recording, last, place);
    }
    if (isPaused) {
      return new Step(recording, null);
    }
    int number = recording.segments().size() + 1;
    return number > ControlLimits.SEGMENTS_MAX
        ? step(recording, r -> r.stopping(EndReason.TOO_MANY_SEGMENTS, now))
        : step(recording, r -> r.with(Segment.asked(number, place.server(), place.epoch())));
  }

  private Step begin(Recording recording, Segment segment, Recorders.Place place) {
    Instant now = records.now();
    return switch (recorders.begin(recording, segment, place)) {
      case MediaAnswer.Accepted _ -> {
        Recording begun =
            records.change(
                recording.id(),
                r -> r.state().isRunning() ? r.asBegun(segment.number(), now) : null);
        if (begun != null && begun.state() == RecordingState.PAUSED) {
          // It was paused while the server was asked.
          MediaAnswer _ = recorders.pause(begun, segment, true);
        }
        leaveFormer(recording, segment);
        yield new Step(begun == null ? recording : begun, null);
      }
      case MediaAnswer.Busy(String detail) -> {
        Step failed =
            recording.state() == RecordingState.STARTING
                ? step(recording, r -> r.failed(EndReason.NOT_BEGUN, now))
                : new Step(recording, null);
        yield new Step(failed.after(), detail);
      }
      // Nobody is there yet, or no answer came: the due work asks again.
      case MediaAnswer.NotFound _,
          MediaAnswer.Unreachable _,
          MediaAnswer.Stale _,
          MediaAnswer.IceRestarted _,
          MediaAnswer.OfferRefused _ ->
          new Step(recording, null);
    };
  }

  /** Everyone is at the next server: the one before need not record any more. */
  private void leaveFormer(Recording recording, Segment current) {
    for (Segment segment : recording.segments()) {
      if (segment.number() < current.number()
          && segment.end() == null
          && !recorders.isLost(segment)) {
        MediaAnswer _ = recorders.stop(recording, segment);
      }
    }
  }

  /** Has media servers end what they still record; when all have, it is on its way. */
  private Recording gather(Recording recording) {
    Recording now = recording;
    boolean isAwaited = false;
    for (Segment segment : recording.segments()) {
      boolean isLost = segment.end() == null && recorders.isLost(segment);
      if (segment.end() != null || (isLost && segment.begun())) {
        continue;
      }
      if (isLost || recorders.stop(recording, segment) instanceof MediaAnswer.NotFound) {
        // Of a segment that it has, it would know; of one that never began, it has none.
        Recording without =
            records.change(
                recording.id(),
                r -> r.withEnd(segment.number(), Segment.End.NOTHING, records.now()));
        now = without == null ? now : without;
      } else {
        isAwaited = true;
      }
    }
    if (isAwaited) {
      return now;
    }
    Recording after =
        records.change(
            recording.id(),
            r -> r.state() == RecordingState.STOPPING ? r.gathered(records.now()) : null);
    return after == null ? now : after;
  }
}
