package dev.parley.media.record;

import java.util.regex.Pattern;

/**
 * The part of a recording that one server makes; another follows where the conference has moved.
 *
 * @param epoch of the conference when it was begun
 * @param recordingId letters, digits, points, dashes and underscores
 * @param number counts a recording's segments, from 1
 * @param isMix whether the mix is recorded, or tracks are
 * @param channels of the mix
 */
public record Segment(
    String conferenceId, long epoch, String recordingId, int number, boolean isMix, int channels) {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}");

  public Segment {
    if (!ID.matcher(recordingId).matches()) {
      throw new IllegalArgumentException("no name for a directory: " + recordingId);
    }
    if (number < 1) {
      throw new IllegalArgumentException("segments count from 1: " + number);
    }
  }

  /** What it is called in the spool, and where its tracks are sealed. */
  public String name() {
    return recordingId + '.' + number;
  }
}
