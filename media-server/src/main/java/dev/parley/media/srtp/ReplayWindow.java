package dev.parley.media.srtp;

/**
 * The indexes of the last packets received of one SSRC (RFC 3711 section 3.3.2). {@link #mayAccept}
 * is asked before authentication, to spare the cipher a flood of duplicates; {@link #accept} is
 * told after it, so that a forged packet can never move the window. Owned by the receiver.
 */
final class ReplayWindow {
  /** Indexes remembered, the highest included. */
  static final int SIZE = Long.SIZE;

  private static final long NONE = -1;

  private long highestIndex = NONE;

  /** Bit i: the packet i before the highest was received. */
  private long received;

  /** The 48-bit index that a sequence number most probably means; 0..65535 being the first. */
  long indexOf(int sequenceNumber) {
    return highestIndex == NONE
        ? sequenceNumber
        : PacketIndex.nearest(highestIndex, sequenceNumber);
  }

  /** Neither received before, nor so old that nobody knows. */
  boolean mayAccept(long index) {
    long age = highestIndex - index;
    return highestIndex == NONE || age < 0 || (age < SIZE && (received >>> age & 1) == 0);
  }

  void accept(long index) {
    assert mayAccept(index) : index;
    long step = index - highestIndex;
    if (highestIndex == NONE || step >= SIZE) {
      received = 1;
      highestIndex = index;
    } else if (step > 0) {
      received = received << step | 1;
      highestIndex = index;
    } else {
      received |= 1L << -step;
    }
  }
}
