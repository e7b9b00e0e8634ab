package dev.parley.common.control;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: twice as long after each failure, with the upper half
 * left to chance, so that those who failed together do not come back together. One thread.
 */
public final class Backoff {
  private final long firstNs;
  private final long longestNs;
  private final RandomGenerator random;
  private int failureCount;

  public Backoff(long firstNs, long longestNs, RandomGenerator random) {
    assert firstNs > 1 && firstNs <= longestNs : firstNs + " " + longestNs;
    this.firstNs = firstNs;
    this.longestNs = longestNs;
    this.random = random;
  }

  /** Returns the pause after one more failure, in nanoseconds. */
  public long nextDelayNs() {
    long ceilingNs = firstNs;
    for (int i = 0; i < failureCount && ceilingNs < longestNs; i++) {
      ceilingNs *= 2;
    }
    ceilingNs = Math.min(ceilingNs, longestNs);
    failureCount++;
    return ceilingNs / 2 + random.nextLong(ceilingNs / 2 + 1);
  }

  /** Begins again with the shortest pause. */
  public void reset() {
    failureCount = 0;
  }
}
