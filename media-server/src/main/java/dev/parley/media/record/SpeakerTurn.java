package dev.parley.media.record;

/**
 * A time for which somebody is heard in a track, pauses for breath included. Positions are samples
 * at 48 kHz since the track's beginning.
 *
 * @param participant the identifier of a stay
 */
record SpeakerTurn(String participant, long position, long samples) {
  /** Returns it ending at a position, if that is not before it began. */
  SpeakerTurn until(long end) {
    return new SpeakerTurn(participant, position, Math.max(0, end - position));
  }

  /** Returns what of it lies before the end of a track. */
  SpeakerTurn within(long end) {
    return position + samples > end ? until(end) : this;
  }
}
