package dev.parley.session.coordination.local;

import dev.parley.session.access.Quota;
import dev.parley.session.access.RateWindows;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Sliding windows in memory, bounded. Those that ran out are swept when the map has doubled since
 * the last sweep, so the cost stays with those who cause it. Thread-safe.
 */
public final class LocalRateWindows implements RateWindows {
  private static final int SWEEP_SIZE_MIN = 1024;

  /** More subjects than this within their windows are one flood: refused, not remembered. */
  private static final int SIZE_MAX = 1 << 20;

  private final LongSupplier nanoTime;
  private final Map<String, SlidingWindow> windows = new ConcurrentHashMap<>();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private volatile int sweepSize = SWEEP_SIZE_MIN;

  /** Takes a monotonic clock in nanoseconds. */
  public LocalRateWindows(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public Decision take(String subject, Quota quota) {
    long nowNs = nanoTime.getAsLong();
    sweepIfDue(nowNs);
    String key = quota.name() + " " + subject;
    if (windows.size() >= SIZE_MAX && !windows.containsKey(key)) {
      return new Decision(false, 0, 1);
    }
    // compute() makes take and sweep of one window exclude each other.
    Decision[] decision = new Decision[1];
    windows.compute(
        key,
        (_, window) -> {
          SlidingWindow current = window == null ? new SlidingWindow(quota) : window;
          decision[0] = current.take(nowNs);
          return current;
        });
    return decision[0];
  }

  /** How many windows are held. */
  int size() {
    return windows.size();
  }

  private void sweepIfDue(long nowNs) {
    if (windows.size() < sweepSize || !sweeping.compareAndSet(false, true)) {
      return;
    }
    try {
      for (String key : windows.keySet()) {
        windows.computeIfPresent(key, (_, window) -> window.isEmpty(nowNs) ? null : window);
      }
      sweepSize = Math.max(SWEEP_SIZE_MIN, 2 * windows.size());
    } finally {
      sweeping.set(false);
    }
  }
}
