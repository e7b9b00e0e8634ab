package dev.parley.session.capacity;

import java.util.Arrays;

/**
 * How many operations the store may be asked for at once, found out by how it answers. Looks at a
 * fifth of a second at a time, or longer if little happens:
 *
 * <ul>
 *   <li>refusals for too much, and operations that nobody answered, lower it by their share;
 *   <li>otherwise, if half of all operations take much longer than their kind does when there is
 *       little to do, it goes down by as much (a gradient);
 *   <li>otherwise it goes up by its root, but only while at least half of it is made use of.
 * </ul>
 *
 * <p>Operations under {@link #UNSUSPICIOUS_NS} say nothing: garbage collection and a disk that
 * syncs take as long. One thread.
 */
final class AdaptiveLimit {
  /** So few that a store which refuses most is asked as slowly as it likes. */
  static final int MIN = 2;

  static final int MAX = 256;
  static final int FIRST = 128;
  static final long WINDOW_NS = 200_000_000;
  static final long UNSUSPICIOUS_NS = 25_000_000;

  /** Fewer tell little, so that a window is then kept open, up to five times as long. */
  private static final int ENOUGH = 20;

  private static final int WINDOWS_MAX = 5;
  private static final int KEPT = 64;
  private static final double SLOWER_MAX = 2;
  private static final double FAILED_MIN = 0.01;
  private static final double DOWN_LEAST = 0.95;
  private static final double DOWN_MOST = 0.5;

  /**
   * A store that got faster is believed at once. One that got slower, only while it is asked for
   * little: otherwise that may be our own doing, and believing it would make it worse for ever.
   */
  private static final double USUAL_UP = 0.05;

  private static final double USUAL_DOWN = 0.2;

  private final double[] usualNs;
  private final double[] sumNs;
  private final int[] counts;
  private final double[] slowness = new double[KEPT];
  private double limit = FIRST;
  private long windowNs;
  private int answered;
  private int failed;
  private int busiest;

  /**
   * Begins with {@link #FIRST}.
   *
   * @param kinds of operations, which take different times
   */
  AdaptiveLimit(int kinds, long nowNs) {
    usualNs = new double[kinds];
    sumNs = new double[kinds];
    counts = new int[kinds];
    windowNs = nowNs;
  }

  /** From {@link #MIN} to {@link #MAX}. */
  int limit() {
    return (int) limit;
  }

  /** So many operations are under way. */
  void onBusy(int inFlight) {
    busiest = Math.max(busiest, inFlight);
  }

  /** The store refused an attempt because it has too much to do, or did not answer at all. */
  void onFailed(long nowNs) {
    failed++;
    closeWindow(nowNs);
  }

  /**
   * The store has answered.
   *
   * @param kind from 0
   */
  void onAnswered(int kind, long tookNs, long nowNs) {
    double ns = Math.max(0, tookNs);
    double expectedNs = Math.max(usualNs[kind], UNSUSPICIOUS_NS);
    slowness[answered % KEPT] = ns / expectedNs;
    sumNs[kind] += ns;
    counts[kind]++;
    answered++;
    closeWindow(nowNs);
  }

  private void closeWindow(long nowNs) {
    long openNs = nowNs - windowNs;
    boolean isEnough = answered + failed >= ENOUGH || openNs >= WINDOWS_MAX * WINDOW_NS;
    if (openNs < WINDOW_NS || !isEnough) {
      return;
    }
    learn();
    adapt();
    windowNs = nowNs;
    answered = 0;
    failed = 0;
    busiest = 0;
  }

  private void adapt() {
    double failedShare = (double) failed / (answered + failed);
    double slower = medianSlowness();
    if (failedShare >= FAILED_MIN) {
      limit *= Math.clamp(1 - failedShare, DOWN_MOST, DOWN_LEAST);
    } else if (slower > SLOWER_MAX) {
      limit *= Math.clamp(SLOWER_MAX / slower, DOWN_MOST, DOWN_LEAST);
    } else if (failed == 0 && busiest * 2 >= limit()) {
      limit += Math.sqrt(limit);
    }
    limit = Math.clamp(limit, MIN, MAX);
  }

  private double medianSlowness() {
    int kept = Math.min(answered, KEPT);
    if (kept == 0) {
      return 0;
    }
    double[] sorted = Arrays.copyOf(slowness, kept);
    Arrays.sort(sorted);
    return sorted[kept / 2];
  }

  private void learn() {
    boolean isAskedForLittle = busiest * 2 < limit() || limit() == MIN;
    for (int kind = 0; kind < usualNs.length; kind++) {
      if (counts[kind] > 0) {
        double meanNs = sumNs[kind] / counts[kind];
        double usual = usualNs[kind];
        double step = meanNs < usual ? USUAL_DOWN : isAskedForLittle ? USUAL_UP : 0;
        usualNs[kind] = usual == 0 ? meanNs : usual + step * (meanNs - usual);
      }
      sumNs[kind] = 0;
      counts[kind] = 0;
    }
  }
}
