package dev.parley.media.srtp;

import dev.parley.media.packet.Limits;

/**
 * Tells when one transport address has sent too many packets that failed authentication, so that
 * the next are dropped before they cost a cipher run (and, where jitsi-srtp computes GCM, an
 * exception of 6 µs). Exact: it remembers the times of the last failures, not a count per calendar
 * second. One instance an address; the event loop owns it; time is an argument.
 */
public final class FailureLimiter {
  /** Failures an address may have within any one second. */
  public static final int FAILURES_PER_SECOND_MAX = Limits.AUTHENTICATION_FAILURES_PER_SECOND_MAX;

  private static final long WINDOW_NS = 1_000_000_000L;

  /** Times of the latest failures, a ring; one more than is allowed. */
  private final long[] failureNs = new long[FAILURES_PER_SECOND_MAX + 1];

  private int next;
  private int count;

  /**
   * True if the last second saw more than {@link #FAILURES_PER_SECOND_MAX} failures: drop the
   * packet unread.
   */
  public boolean isOverLimit(long nowNs) {
    return count == failureNs.length && nowNs - failureNs[next] < WINDOW_NS;
  }

  /** A packet from this address was refused by the cipher. */
  public void onFailure(long nowNs) {
    failureNs[next] = nowNs;
    next = next + 1 == failureNs.length ? 0 : next + 1;
    count = Math.min(count + 1, failureNs.length);
  }
}
