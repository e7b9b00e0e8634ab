package dev.parley.benchmarks.client;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tells the losses of one received line apart: what the server did not deliver, from what we lost
 * ourselves after it had, and from what never reached the server because we had lost it on the way
 * there.
 *
 * <p>A server passes the gaps in a talker's numbers on, and begins with another talker only when it
 * has a packet of theirs. So a gap is of the talker of the packet before it, and tells which of
 * their packets it was, whether that packet came in time, late, or was lost by us. Owner: the
 * client loop.
 */
final class LineLosses {
  /** A packet does not say whose it is. */
  static final long NO_STAMP = -1;

  private static final int PENDING_MAX = 64;
  private static final int WINDOW = SequenceTally.WINDOW;

  private final @Nullable InjectedLosses upstream;
  private final SequenceTally delivered = new SequenceTally();
  private final int[] pending = new int[PENDING_MAX];
  private final long[] pendingStamps = new long[PENDING_MAX];
  private int pendingCount;

  /** Of the last 1 024, whose they were. */
  private final long[] stamps = new long[WINDOW];

  /** Of the last 1 024, those that are counted in {@link #neverSent}. */
  private final boolean[] isNeverSent = new boolean[WINDOW];

  private long neverSent;

  LineLosses(@Nullable InjectedLosses upstream) {
    this.upstream = upstream;
  }

  /**
   * Whose a packet is, in one number.
   *
   * @param talker 0 or more
   * @param count of the talker's packets before it
   */
  static long stamp(int talker, int count) {
    return (long) talker << Integer.SIZE | count & 0xFFFF_FFFFL;
  }

  /**
   * The server delivered a packet, and we lost it. It counts when the next one gets through, as a
   * gap does.
   *
   * @param stamp {@link #stamp} or {@link #NO_STAMP}
   */
  void onInjectedLoss(int sequenceNumber, long stamp) {
    if (pendingCount == PENDING_MAX) {
      settle();
    }
    pending[pendingCount] = sequenceNumber;
    pendingStamps[pendingCount++] = stamp;
  }

  /**
   * A packet got through.
   *
   * @param stamp {@link #stamp} or {@link #NO_STAMP}
   */
  void onPacket(int sequenceNumber, long stamp) {
    settle();
    onDelivered(sequenceNumber, stamp);
  }

  private void settle() {
    for (int i = 0; i < pendingCount; i++) {
      onDelivered(pending[i], pendingStamps[i]);
    }
    pendingCount = 0;
  }

  private void onDelivered(int sequenceNumber, long stamp) {
    int before = delivered.highest();
    long restarts = delivered.restarts();
    delivered.onPacket(sequenceNumber);
    if (upstream == null) {
      return;
    }
    if (delivered.received() == 1 || delivered.restarts() > restarts) {
      Arrays.fill(stamps, NO_STAMP);
      Arrays.fill(isNeverSent, false);
      stamps[slot(sequenceNumber)] = stamp;
      return;
    }
    int ahead = (short) (sequenceNumber - before);
    if (ahead <= -WINDOW) {
      return;
    }
    for (int i = 1; i <= Math.min(ahead, WINDOW); i++) {
      stamps[slot(sequenceNumber - ahead + i)] = NO_STAMP;
      isNeverSent[slot(sequenceNumber - ahead + i)] = false;
    }
    stamps[slot(sequenceNumber)] = stamp;
    if (ahead > 1) {
      judgeAfter(before, upstream);
    } else if (ahead < 0) {
      // It was in a gap, and what is left of that behind it is its own talker's.
      neverSent -= isNeverSent[slot(sequenceNumber)] ? 1 : 0;
      isNeverSent[slot(sequenceNumber)] = false;
      judgeAfter(sequenceNumber, upstream);
    }
  }

  /** Judges the gap behind a packet. */
  private void judgeAfter(int sequenceNumber, InjectedLosses upstream) {
    long stamp = stamps[slot(sequenceNumber)];
    if (stamp == NO_STAMP) {
      return;
    }
    int talker = (int) (stamp >> Integer.SIZE);
    int end = Math.min((short) (delivered.highest() - sequenceNumber), WINDOW);
    for (int i = 1; i < end && !delivered.isSeen(sequenceNumber + i); i++) {
      boolean isLost = upstream.isLost(talker, (int) stamp + i);
      neverSent += (isLost ? 1 : 0) - (isNeverSent[slot(sequenceNumber + i)] ? 1 : 0);
      isNeverSent[slot(sequenceNumber + i)] = isLost;
    }
  }

  private static int slot(int sequenceNumber) {
    return sequenceNumber & (WINDOW - 1);
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
