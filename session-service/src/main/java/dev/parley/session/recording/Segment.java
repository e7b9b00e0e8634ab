package dev.parley.session.recording;

import dev.parley.common.control.StateEvent.RecordingEndCause;
import dev.parley.session.conference.MediaServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one media server records of a recording. Immutable.
 *
 * @param number counts from 1
 * @param epoch of the conference when it was asked to begin
 * @param begun true once the server said that it records
 * @param end what it said when it had all of it, or null before
 * @param tracks what has come of its tracks, in the order in which it did
 */
public record Segment(
    int number,
    MediaServer server,
    long epoch,
    boolean begun,
    @Nullable End end,
    List<Track> tracks) {
  public Segment {
    tracks = List.copyOf(Objects.requireNonNullElse(tracks, List.of()));
  }

  /**
   * How it ended.
   *
   * @param trackCount how many there are of it; 0 if nothing was recorded
   * @param startedAt null if nothing was recorded
   * @param durationMs of its longest track, pauses left out
   */
  public record End(
      RecordingEndCause cause, int trackCount, @Nullable Instant startedAt, long durationMs) {
    /** Nothing was recorded. */
    static final End NOTHING = new End(RecordingEndCause.STOPPED, 0, null, 0);
  }

  /**
   * A track that has come to its object store, or never will.
   *
   * @param name {@code mix}, or the participant's identifier
   * @param object its object of the Library; null if it is lost
   * @param lengthBytes of the file
   * @param sha256 of the file, in hexadecimal
   * @param gapCount places where sound is missing that somebody made
   */
  public record Track(
      String name,
      @Nullable String object,
      long durationMs,
      long lengthBytes,
      @Nullable String sha256,
      int gapCount) {}

  static Segment asked(int number, MediaServer server, long epoch) {
    return new Segment(number, server, epoch, false, null, List.of());
  }

  Segment asBegun() {
    return new Segment(number, server, epoch, true, end, tracks);
  }

  Segment ended(End how) {
    return new Segment(number, server, epoch, true, how, tracks);
  }

  Segment with(Track track) {
    List<Track> next = new ArrayList<>(tracks);
    next.removeIf(other -> other.name().equals(track.name()));
    next.add(track);
    return new Segment(number, server, epoch, begun, end, next);
  }

  /** True while a server records it. */
  boolean isRunning() {
    return begun && end == null;
  }

  boolean hasAllTracks() {
    return end != null && tracks.size() >= end.trackCount();
  }
}
