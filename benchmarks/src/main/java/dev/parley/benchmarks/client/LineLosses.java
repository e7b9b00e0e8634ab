package dev.parley.benchmarks.client;

import org.jspecify.annotations.Nullable;

/**
 * Tells the losses of one received line apart: what the server did not deliver, from what we lost
 * ourselves after it had, and from what never reached the server because we had lost it on the way
 * there. Owner: the client loop.
 */
final class LineLosses {
  private static final int PENDING_MAX = 64;

  private final @Nullable InjectedLosses upstream;
  private final SequenceTally delivered = new SequenceTally();
  private final int[] pending = new int[PENDING_MAX];
  private int pendingCount;
  private boolean hasStamp;
  private int lastTalker;
  private int lastCount;
  private int lastSequenceNumber;
  private long neverSent;

  LineLosses(@Nullable InjectedLosses upstream) {
    this.upstream = upstream;
  }

  /**
   * The server delivered a packet, and we lost it. It counts when the next one gets through, as a
   * gap does.
   */
  void onInjectedLoss(int sequenceNumber) {
    if (pendingCount == PENDING_MAX) {
      settle();
    }
    pending[pendingCount++] = sequenceNumber;
  }

  /** A packet got through. */
  void onPacket(int sequenceNumber) {
    settle();
    delivered.onPacket(sequenceNumber);
  }

  private void settle() {
    for (int i = 0; i < pendingCount; i++) {
      delivered.onPacket(pending[i]);
    }
    pendingCount = 0;
  }

  /**
   * Whose the packet was that got through, if it says so; after {@link #onPacket}. Between two of
   * one talker the numbers of the stream are the talker's own plus a constant.
   *
   * @param count of the talker's packets before it
   */
  void onStamp(int talker, int count, int sequenceNumber) {
    int ahead = (short) (sequenceNumber - lastSequenceNumber);
    if (hasStamp && ahead <= 0) {
      return;
    }
    if (hasStamp && upstream != null && ahead < SequenceTally.WINDOW) {
      for (int i = 1; i < ahead; i++) {
        // Where the talker changed in the gap, it was of the one before or of the one after.
        boolean isLost =
            upstream.isLost(lastTalker, lastCount + i)
                || upstream.isLost(talker, count - (ahead - i));
        boolean isMissing = !delivered.isSeen(lastSequenceNumber + i);
        neverSent += isLost && isMissing ? 1 : 0;
      }
    }
    hasStamp = true;
    lastTalker = talker;
    lastCount = count;
    lastSequenceNumber = sequenceNumber;
  }

  /** Packets that the server had and did not deliver. */
  long byServer() {
    return Math.max(0, delivered.missing() - neverSent);
  }

  /** Different packets that reached our socket. */
  long delivered() {
    return delivered.received();
  }

  /** Packets that the server never had, by our doing. */
  long neverSent() {
    return neverSent;
  }
}
