package dev.parley.media;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * How much of a processor each media thread uses, by the operating system's account, from one look
 * to the next. {@link #look} belongs to one thread, whose intervals these are; any thread may ask.
 */
final class MediaThreadLoad implements Headroom {
  private static final double CALM_PART = 0.5;

  private final double busyShare;
  private final LongSupplier nanoClock;
  private final List<Thread> threads;
  private final ToLongFunction<Thread> usedNs;
  private final long[] usedThenNs;
  private final AtomicReferenceArray<Double> shares;
  private long lookedNs;

  /**
   * A load whose first interval begins now.
   *
   * @param busyShare of a processor, 0.1 to 1.0, from which on a thread is busy; below half of it,
   *     it is calm
   * @param usedNs processor time of a thread so far
   */
  MediaThreadLoad(
      List<Thread> threads,
      double busyShare,
      LongSupplier nanoClock,
      ToLongFunction<Thread> usedNs) {
    this.threads = List.copyOf(threads);
    this.busyShare = busyShare;
    this.nanoClock = nanoClock;
    this.usedNs = usedNs;
    usedThenNs = new long[threads.size()];
    shares = new AtomicReferenceArray<>(threads.size());
    for (int i = 0; i < usedThenNs.length; i++) {
      usedThenNs[i] = usedNs.applyAsLong(threads.get(i));
      shares.set(i, 0.0);
    }
    lookedNs = nanoClock.getAsLong();
  }

  /** Measures the time since the last look. */
  void look() {
    long nowNs = nanoClock.getAsLong();
    long elapsedNs = Math.max(nowNs - lookedNs, 1);
    lookedNs = nowNs;
    for (int i = 0; i < usedThenNs.length; i++) {
      long usedNowNs = usedNs.applyAsLong(threads.get(i));
      shares.set(i, Math.clamp((double) (usedNowNs - usedThenNs[i]) / elapsedNs, 0, 1));
      usedThenNs[i] = usedNowNs;
    }
  }

  /** Share of a processor that a media thread used, 0.0 to 1.0. */
  double share(int thread) {
    return shares.get(thread);
  }

  @Override
  public boolean isBusy(int thread) {
    return share(thread) >= busyShare;
  }

  @Override
  public boolean isCalm(int thread) {
    return share(thread) < busyShare * CALM_PART;
  }
}
