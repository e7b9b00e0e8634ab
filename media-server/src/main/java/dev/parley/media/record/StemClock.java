package dev.parley.media.record;

/**
 * Finds the place of a talker's packets on the mixer's clock: by their timestamps, so that jitter
 * does not show, and now and then by when they came, for senders' clocks run a little faster or
 * slower than ours. Owned by one thread.
 */
final class StemClock {
  /** Beyond this the sender has set its clock anew: 1 s. */
  private static final long JUMP_SAMPLES = 48_000;

  /** A track may stray so far before its packets are shifted: 20 ms. */
  private static final long STRAY_SAMPLES_MAX = 960;

  /** Packets among which the one is sought that waited least on its way: 10 s. */
  private static final int WINDOW_PACKETS = 500;

  private boolean hasAnchor;
  private int ssrc;
  private int anchorTicks;
  private long anchorPosition;
  private long leastLate = Long.MAX_VALUE;
  private int windowPackets;

  /**
   * Returns a packet's position.
   *
   * @param arrivalPosition when it came, on the mixer's clock
   */
  long position(int packetSsrc, int timestampTicks, long arrivalPosition) {
    long position = anchorPosition + (timestampTicks - anchorTicks);
    long late = arrivalPosition - position;
    if (!hasAnchor || packetSsrc != ssrc || Math.abs(late) > JUMP_SAMPLES) {
      hasAnchor = true;
      ssrc = packetSsrc;
      anchor(timestampTicks, arrivalPosition);
      return arrivalPosition;
    }
    leastLate = Math.min(leastLate, late);
    if (++windowPackets < WINDOW_PACKETS) {
      return position;
    }
    // By whole packets as most send them: by anything else one more would be cut.
    long shift = leastLate / STRAY_SAMPLES_MAX * STRAY_SAMPLES_MAX;
    anchor(timestampTicks, position + shift);
    return anchorPosition;
  }

  private void anchor(int timestampTicks, long position) {
    anchorTicks = timestampTicks;
    anchorPosition = position;
    leastLate = Long.MAX_VALUE;
    windowPackets = 0;
  }
}
