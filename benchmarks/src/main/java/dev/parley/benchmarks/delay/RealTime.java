package dev.parley.benchmarks.delay;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The clock that the kernel stamps packets by: CLOCK_REALTIME. */
final class RealTime {
  private RealTime() {}

  /** Nanoseconds since 1970. */
  static long nowNs() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }
}
