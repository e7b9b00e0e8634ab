package dev.parley.media.probe;

/** Lets so many events a second pass, and a burst of as many. One thread. */
final class TokenBucket {
  private static final long SECOND_NS = 1_000_000_000L;

  private final long costNs;
  private long emptyAtNs;
  private boolean hasBegun;

  TokenBucket(int perSecond) {
    costNs = SECOND_NS / perSecond;
  }

  /** Takes a token, if there is one. */
  boolean tryTake(long nowNs) {
    if (!hasBegun || nowNs - emptyAtNs > SECOND_NS) {
      // Tokens that nobody took for a second do not gather.
      hasBegun = true;
      emptyAtNs = nowNs - SECOND_NS;
    }
    if (nowNs - emptyAtNs < costNs) {
      return false;
    }
    emptyAtNs += costNs;
    return true;
  }
}
