package dev.parley.benchmarks.client;

import java.util.Arrays;

/**
 * Counts what one RTP stream lost, repeated and disordered, exactly: each sequence number of the
 * last 1 024 is remembered, so a late packet takes its loss back. Owner: the client loop.
 */
final class SequenceTally {
  static final int WINDOW = 1_024;

  /** Beyond this jump the stream counts as a new one (RFC 3550 appendix A.1). */
  private static final int DROPOUT_MAX = 3_000;

  private final boolean[] seen = new boolean[WINDOW];
  private boolean started;
  private int highest;
  private long received;
  private long missing;
  private long duplicates;
  private long reordered;
  private long restarts;

  /** One authentic packet arrived; 0..65535. */
  void onPacket(int sequenceNumber) {
    if (!started) {
      start(sequenceNumber);
      return;
    }
    int ahead = (short) (sequenceNumber - highest);
    if (ahead > DROPOUT_MAX || ahead < -DROPOUT_MAX) {
      restarts++;
      start(sequenceNumber);
    } else if (ahead > 0) {
      received++;
      missing += ahead - 1;
      for (int i = 1; i <= Math.min(ahead, WINDOW); i++) {
        seen[(highest + i) & (WINDOW - 1)] = false;
      }
      highest = sequenceNumber;
      seen[sequenceNumber & (WINDOW - 1)] = true;
    } else if (ahead <= -WINDOW || seen[sequenceNumber & (WINDOW - 1)]) {
      duplicates++;
    } else {
      received++;
      reordered++;
      missing--;
      seen[sequenceNumber & (WINDOW - 1)] = true;
    }
  }

  private void start(int sequenceNumber) {
    started = true;
    Arrays.fill(seen, true);
    highest = sequenceNumber;
    received++;
  }

  /** Whether this one of the last 1 024 was received. */
  boolean isSeen(int sequenceNumber) {
    return seen[sequenceNumber & (WINDOW - 1)];
  }

  /** The newest, 0..65535; 0 before the first. */
  int highest() {
    return highest;
  }

  long received() {
    return received;
  }

  /** Sequence numbers passed over and not seen since. */
  long missing() {
    return missing;
  }

  long duplicates() {
    return duplicates;
  }

  long reordered() {
    return reordered;
  }

  /** Jumps too large to be loss: the sender began anew. */
  long restarts() {
    return restarts;
  }
}
