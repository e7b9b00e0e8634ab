package dev.parley.media.transport;

import dev.parley.media.packet.Limits;

/** How many packets a peer may yet have sent again this second. Owned by one event loop. */
final class RetransmissionBudget {
  private static final long WINDOW_NS = 1_000_000_000L;

  private long windowStartNs;
  private int left = Limits.RETRANSMISSIONS_PER_SECOND_MAX;

  RetransmissionBudget(long nowNs) {
    windowStartNs = nowNs;
  }

  boolean trySpend(long nowNs) {
    if (nowNs - windowStartNs >= WINDOW_NS) {
      windowStartNs = nowNs;
      left = Limits.RETRANSMISSIONS_PER_SECOND_MAX;
    }
    if (left == 0) {
      return false;
    }
    left--;
    return true;
  }
}
