package dev.parley.session.coordination.local;

import dev.parley.session.access.OneTimeUse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** Used ids in memory, bounded and swept like {@link LocalRateWindows}. Thread-safe. */
public final class LocalOneTimeUse implements OneTimeUse {
  private static final int SWEEP_SIZE_MIN = 1024;

  /** More ids than this in use at once are one flood: taken for used. */
  private static final int SIZE_MAX = 1 << 20;

  private final LongSupplier nanoTime;
  private final Map<String, Long> usedUntilNs = new ConcurrentHashMap<>();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private volatile int sweepSize = SWEEP_SIZE_MIN;

  /** Takes a monotonic clock in nanoseconds. */
  public LocalOneTimeUse(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public boolean isFirstUse(String id, Duration keep) {
    long nowNs = nanoTime.getAsLong();
    sweepIfDue(nowNs);
    if (usedUntilNs.size() >= SIZE_MAX) {
      return false;
    }
    boolean[] first = new boolean[1];
    usedUntilNs.compute(
        id,
        (_, untilNs) -> {
          first[0] = untilNs == null || untilNs - nowNs <= 0;
          return first[0] ? Long.valueOf(nowNs + keep.toNanos()) : untilNs;
        });
    return first[0];
  }

  /** How many ids are held. */
  int size() {
    return usedUntilNs.size();
  }

  private void sweepIfDue(long nowNs) {
    if (usedUntilNs.size() < sweepSize || !sweeping.compareAndSet(false, true)) {
      return;
    }
    try {
      usedUntilNs.values().removeIf(untilNs -> untilNs - nowNs <= 0);
      sweepSize = Math.max(SWEEP_SIZE_MIN, 2 * usedUntilNs.size());
    } finally {
      sweeping.set(false);
    }
  }
}
