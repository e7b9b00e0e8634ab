package dev.parley.media.conference;

/**
 * Where a participant's packets are sent from, as one number: the event loop that serves it, and
 * its number there. So it can lie beside others' in an array.
 */
final class Seat {
  private Seat() {}

  static long of(int loopIndex, int peerId) {
    return (long) loopIndex << Integer.SIZE | Integer.toUnsignedLong(peerId);
  }

  static int loopOf(long seat) {
    return (int) (seat >>> Integer.SIZE);
  }

  static int peerIdOf(long seat) {
    return (int) seat;
  }
}
