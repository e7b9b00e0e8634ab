package dev.parley.media.record;

/**
 * How a segment ended.
 *
 * @param tracks how many there are of it
 * @param startedAtMs milliseconds since 1970; 0 if nothing was recorded
 * @param durationMs of the longest track, pauses left out
 */
public record SegmentEnd(TrackNote.EndCause cause, int tracks, long startedAtMs, long durationMs) {}
