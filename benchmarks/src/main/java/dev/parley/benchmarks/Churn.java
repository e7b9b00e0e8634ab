package dev.parley.benchmarks;

import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Has participants leave and others join in their places while a call is measured, on a schedule
 * that does not wait for those before (open loop). Begun and closed by one thread.
 */
final class Churn implements AutoCloseable {
  private final LoadCall call;
  private final int participants;
  private final long periodNs;
  private final SplittableRandom random;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private @Nullable Future<?> schedule;

  Churn(LoadCall call, LoadOptions options) {
    this.call = call;
    this.participants = options.participants;
    this.random = new SplittableRandom(options.seed);
    this.periodNs =
        options.churnPerMinute == 0
            ? Long.MAX_VALUE
            : Math.round(TimeUnit.MINUTES.toNanos(1) / options.churnPerMinute);
  }

  /** Starts, unless nobody is to leave. */
  void start() {
    if (periodNs != Long.MAX_VALUE) {
      schedule = threads.submit(this::run);
    }
  }

  private void run() {
    long dueNs = System.nanoTime();
    try {
      while (!Thread.interrupted()) {
        dueNs += periodNs;
        TimeUnit.NANOSECONDS.sleep(dueNs - System.nanoTime());
        int place = random.nextInt(participants);
        threads.execute(() -> call.replace(place));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Nobody leaves any more; returns when all who were about to join have. */
  @Override
  public void close() {
    if (schedule != null) {
      schedule.cancel(true);
    }
    threads.close();
  }
}
