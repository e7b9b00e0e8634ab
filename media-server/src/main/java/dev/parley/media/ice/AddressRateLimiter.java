package dev.parley.media.ice;

import dev.parley.media.packet.Limits;

/**
 * Allows each source address so many events a second, in a table of fixed size: however many
 * addresses a flood forges, memory stays as it is. Addresses that share a bucket share the
 * allowance. Ports do not count, so one victim behind a forged address is spared whatever ports are
 * made up. Owned by one event loop.
 */
public final class AddressRateLimiter {
  private static final long WINDOW_NS = 1_000_000_000L;
  private static final int MULTIPLIER = 0x9E3779B1;

  private final int perSecondMax;
  private final int seed;
  private final long[] windowStartNs = new long[Limits.ADDRESS_BUCKETS];
  private final int[] counts = new int[Limits.ADDRESS_BUCKETS];

  /** The seed must be hard to guess, or a sender could choose whom to share a bucket with. */
  public AddressRateLimiter(int perSecondMax, int seed) {
    this.perSecondMax = perSecondMax;
    this.seed = seed;
  }

  /**
   * Counts an event and says whether it may be acted upon.
   *
   * @param hostHash of the source address without its port
   */
  public boolean tryAcquire(int hostHash, long nowNs) {
    int hash = (hostHash ^ seed) * MULTIPLIER;
    int bucket = (hash ^ (hash >>> 16)) & (Limits.ADDRESS_BUCKETS - 1);
    if (counts[bucket] == 0 || nowNs - windowStartNs[bucket] >= WINDOW_NS) {
      windowStartNs[bucket] = nowNs;
      counts[bucket] = 0;
    }
    if (counts[bucket] >= perSecondMax) {
      return false;
    }
    counts[bucket]++;
    return true;
  }
}
