package dev.parley.systemtests.tour;

import java.util.concurrent.TimeUnit;

/** Patience for what is only found out by asking again. Has no state. */
final class Waiting {
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(40);
  private static final long EACH_MS = 250;

  private Waiting() {}

  /** Waits a little, or gives up. */
  static void aMoment(long startNs, String what) {
    if (System.nanoTime() - startNs > PATIENCE_NS) {
      throw new TourException("waited in vain for " + what);
    }
    try {
      Thread.sleep(EACH_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TourException("interrupted", e);
    }
  }
}
