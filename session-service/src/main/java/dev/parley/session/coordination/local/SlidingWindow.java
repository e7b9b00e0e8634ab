package dev.parley.session.coordination.local;

import dev.parley.session.access.Quota;
import dev.parley.session.access.RateWindows.Decision;

/**
 * The times of the last requests of one subject: a ring of as many as the quota allows. Owned by
 * whoever holds its map entry.
 */
final class SlidingWindow {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final long windowNs;
  private final long[] takenNs;
  private int oldest;
  private int count;

  SlidingWindow(Quota quota) {
    windowNs = quota.window().toNanos();
    takenNs = new long[quota.limit()];
  }

  Decision take(long nowNs) {
    expire(nowNs);
    if (count == takenNs.length) {
      return new Decision(false, 0, secondsUntilOldestExpires(nowNs));
    }
    takenNs[(oldest + count) % takenNs.length] = nowNs;
    count++;
    int remaining = takenNs.length - count;
    return new Decision(true, remaining, remaining > 0 ? 0 : secondsUntilOldestExpires(nowNs));
  }

  boolean isEmpty(long nowNs) {
    expire(nowNs);
    return count == 0;
  }

  private void expire(long nowNs) {
    while (count > 0 && nowNs - takenNs[oldest] >= windowNs) {
      oldest = (oldest + 1) % takenNs.length;
      count--;
    }
  }

  private int secondsUntilOldestExpires(long nowNs) {
    long leftNs = takenNs[oldest] + windowNs - nowNs;
    return (int) ((leftNs + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND);
  }
}
