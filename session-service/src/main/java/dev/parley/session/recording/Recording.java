package dev.parley.session.recording;

import dev.parley.common.control.Order.RecordingMode;
import dev.parley.common.control.StateEvent.RecordingEndCause;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.RecordingId;
import dev.parley.session.conference.RecordingEntry;
import dev.parley.session.conference.RecordingState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One recording as the store holds it. Immutable; each change makes the next one, which is stored
 * only if nobody stored another in between. It names no person: tracks have the identifiers of
 * stays.
 *
 * @param wish what was asked for
 * @param endReason why nothing more is recorded, or null while something is
 * @param erased of whom nothing is to be kept: participants' identifiers, or {@code mix} for all
 * @param dueAt when it needs looking after even if nobody asks, or null if never again
 * @param revision counts the changes that a caller sees
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record Recording(
    RecordingId id,
    String tenant,
    ConferenceId conference,
    Wish wish,
    RecordingState state,
    @Nullable EndReason endReason,
    List<Segment> segments,
    SortedSet<String> erased,
    Times times,
    @Nullable Instant dueAt,
    long revision,
    long version) {
  /** The name of a mix's track. */
  static final String MIX = "mix";

  private static final Pattern STAY = Pattern.compile("\\.\\d+$");

  public Recording {
    segments = List.copyOf(segments);
    // Recordings of the first days have none.
    erased =
        Collections.unmodifiableSortedSet(
            new TreeSet<>(Objects.requireNonNullElse(erased, Set.<String>of())));
  }

  /**
   * What was asked for.
   *
   * @param channels of the mix
   * @param tags the tenant's own, for what becomes of it
   * @param requestHash of everything in the request that matters, to tell a repetition
   */
  public record Wish(
      RecordingMode mode, int channels, SortedMap<String, String> tags, String requestHash) {
    public Wish {
      tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }
  }

  /**
   * When things happened to it.
   *
   * @param startedAt when a media server began
   * @param endedAt from when on nothing more was recorded
   * @param availableAt when all there is of it could be fetched
   */
  public record Times(
      Instant createdAt,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable Instant availableAt) {}

  static Recording create(
      RecordingId id, String tenant, ConferenceId conference, Wish wish, Instant now) {
    return new Recording(
        id,
        tenant,
        conference,
        wish,
        RecordingState.STARTING,
        null,
        List.of(),
        Collections.emptySortedSet(),
        new Times(now, null, null, null),
        null,
        1,
        0);
  }

  /** Returns what everybody in the conference sees of it. */
  RecordingEntry entry() {
    return new RecordingEntry(id, wish.mode(), state, times.startedAt(), version);
  }

  /** Returns the segment that was asked for last, or null before the first. */
  @Nullable Segment last() {
    return segments.isEmpty() ? null : segments.getLast();
  }

  @Nullable Segment segment(int number) {
    for (Segment segment : segments) {
      if (segment.number() == number) {
        return segment;
      }
    }
    return null;
  }

  /** Returns how long all that has ended of it plays, in milliseconds. */
  public long durationMs() {
    long sum = 0;
    for (Segment segment : segments) {
      Segment.End end = segment.end();
      sum += end == null ? 0 : end.durationMs();
    }
    return sum;
  }

  /** Returns the objects of the Library that it is made of. */
  public List<String> objects() {
    List<String> objects = new ArrayList<>();
    for (Segment segment : segments) {
      for (Segment.Track track : segment.tracks()) {
        if (track.object() != null) {
          objects.add(track.object());
        }
      }
    }
    return objects;
  }

  /** True if nothing is to be kept of a track: of a participant any stay's. */
  public boolean isErased(String track) {
    return erased.contains(withoutStay(track));
  }

  /** Returns whose a track is: a second stay's has a number behind the participant. */
  static String withoutStay(String track) {
    return STAY.matcher(track).replaceFirst("");
  }

  /** Returns it with nothing to be kept of somebody, or null if that is no news. */
  @Nullable Recording without(Collection<String> names) {
    if (erased.containsAll(names)) {
      return null;
    }
    SortedSet<String> all = new TreeSet<>(erased);
    all.addAll(names);
    return new Recording(
        id,
        tenant,
        conference,
        wish,
        state,
        endReason,
        segments,
        all,
        times,
        dueAt,
        revision + 1,
        version);
  }

  Recording with(Segment added) {
    List<Segment> next = new ArrayList<>(segments);
    next.add(added);
    return seen(state, endReason, next, times);
  }

  /** Returns it with one of its segments changed. */
  Recording with(int number, UnaryOperator<Segment> change) {
    List<Segment> next =
        segments.stream()
            .map(segment -> segment.number() == number ? change.apply(segment) : segment)
            .toList();
    return seen(state, endReason, next, times);
  }

  /** Returns it with a media server recording that segment. */
  Recording asBegun(int number, Instant now) {
    Segment segment = segment(number);
    if (segment == null) {
      return this;
    }
    Recording begun = with(number, Segment::asBegun);
    return state == RecordingState.STARTING ? begun.in(RecordingState.RECORDING, now) : begun;
  }

  /**
   * Returns it with what a media server said when it had all of a segment, or null if that is no
   * news. If the server had no room for more, nothing more is recorded.
   */
  @Nullable Recording withEnd(int number, Segment.End end, Instant now) {
    Segment segment = segment(number);
    if (segment == null || end.equals(segment.end())) {
      return null;
    }
    Recording next = with(number, part -> part.ended(end));
    boolean isFull =
        end.cause() == RecordingEndCause.DISK_FULL || end.cause() == RecordingEndCause.DISK_FAILED;
    if (isFull && state.isRunning() && number == segments.size()) {
      EndReason reason =
          end.cause() == RecordingEndCause.DISK_FULL ? EndReason.DISK_FULL : EndReason.DISK_FAILED;
      next = next.stopping(reason, now);
    }
    return next.state == RecordingState.UPLOADING ? next.arrived(now) : next;
  }

  /** Returns it on its way to its stores, or failed if there is nothing of it. */
  Recording gathered(Instant now) {
    boolean isNothing =
        segments.stream().allMatch(part -> part.end() != null && part.end().trackCount() == 0);
    return isNothing ? failed(EndReason.NOTHING_RECORDED, now) : uploading().arrived(now);
  }

  /** Returns it with a track that has come, or is lost. */
  Recording with(int number, Segment.Track track, Instant now) {
    Recording next = with(number, part -> part.with(track));
    return next.state == RecordingState.UPLOADING ? next.arrived(now) : next;
  }

  /** Returns it as one that is over, if all of it has come. */
  private Recording arrived(Instant now) {
    return segments.stream().allMatch(Segment::hasAllTracks) ? over(now) : this;
  }

  /** Returns it as one of which nothing more is waited for. */
  Recording givenUp(Instant now) {
    return switch (state) {
      case STARTING -> failed(EndReason.NOT_BEGUN, now);
      case STOPPING -> uploading().over(now);
      case UPLOADING -> over(now);
      case RECORDING, PAUSED, AVAILABLE, FAILED -> this;
    };
  }

  private Recording over(Instant now) {
    EndReason reason = erased.isEmpty() ? EndReason.LOST : EndReason.ERASED;
    return objects().isEmpty() ? failed(reason, now) : available(now);
  }

  /** Returns it running or paused; when it first runs it has begun. */
  Recording in(RecordingState next, Instant now) {
    Instant startedAt = times.startedAt() == null ? now : times.startedAt();
    return become(next, endReason, new Times(times.createdAt(), startedAt, null, null));
  }

  Recording stopping(EndReason reason, Instant now) {
    return become(
        RecordingState.STOPPING,
        reason,
        new Times(times.createdAt(), times.startedAt(), now, null));
  }

  Recording uploading() {
    return become(RecordingState.UPLOADING, endReason, times);
  }

  Recording available(Instant now) {
    return become(
        RecordingState.AVAILABLE,
        endReason,
        new Times(times.createdAt(), times.startedAt(), times.endedAt(), now));
  }

  Recording failed(EndReason reason, Instant now) {
    Instant endedAt = times.endedAt() == null ? now : times.endedAt();
    return become(
        RecordingState.FAILED,
        reason,
        new Times(times.createdAt(), times.startedAt(), endedAt, null));
  }

  Recording dueAt(@Nullable Instant next) {
    return new Recording(
        id,
        tenant,
        conference,
        wish,
        state,
        endReason,
        segments,
        erased,
        times,
        next,
        revision,
        version);
  }

  /** Returns it with another version. */
  public Recording withVersion(long stored) {
    return new Recording(
        id,
        tenant,
        conference,
        wish,
        state,
        endReason,
        segments,
        erased,
        times,
        dueAt,
        revision,
        stored);
  }

  private Recording become(RecordingState next, @Nullable EndReason reason, Times at) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException(state + " cannot become " + next);
    }
    return seen(next, reason, segments, at);
  }

  private Recording seen(
      RecordingState next, @Nullable EndReason reason, List<Segment> parts, Times at) {
    return new Recording(
        id,
        tenant,
        conference,
        wish,
        next,
        reason,
        parts,
        erased,
        at,
        dueAt,
        revision + 1,
        version);
  }
}
