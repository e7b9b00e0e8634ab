package dev.parley.media.upload;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Keeps all uploads together below a rate: whoever wants to send waits for its turn. Thread-safe.
 */
final class Pace {
  /** What may be sent at once after a pause. */
  private static final long BURST_NS = TimeUnit.MILLISECONDS.toNanos(50);

  private final long bytesPerSec;
  private final LongSupplier nanoClock;
  private final ReentrantLock lock = new ReentrantLock();
  private long freeAtNs;

  Pace(long bytesPerSec, LongSupplier nanoClock) {
    this.bytesPerSec = bytesPerSec;
    this.nanoClock = nanoClock;
    this.freeAtNs = nanoClock.getAsLong();
  }

  /** Waits until so many bytes may be sent. */
  void take(int bytes) throws InterruptedException {
    long waitNs = reserve(bytes);
    if (waitNs > 0) {
      TimeUnit.NANOSECONDS.sleep(waitNs);
    }
  }

  /** Takes a place in the line; returns how long it is to the turn, in nanoseconds. */
  long reserve(int bytes) {
    lock.lock();
    try {
      long nowNs = nanoClock.getAsLong();
      if (freeAtNs < nowNs - BURST_NS) {
        freeAtNs = nowNs - BURST_NS;
      }
      long waitNs = freeAtNs - nowNs;
      freeAtNs += TimeUnit.SECONDS.toNanos(1) * bytes / bytesPerSec;
      return Math.max(0, waitNs);
    } finally {
      lock.unlock();
    }
  }
}
