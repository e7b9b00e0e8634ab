package dev.parley.systemtests.show.session;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Does something at a fixed rate, whether or not what began before has ended, and times it from the
 * moment it was due: who waits for a slow answer before asking again would not notice how slow it
 * was. At most so much is under way; beyond that it counts as failed. One thread.
 */
final class OpenLoop {
  static final int UNDER_WAY_MAX = 2_000;
  static final long LONGEST_US = TimeUnit.MINUTES.toMicros(1);

  private final int perSec;
  private final Call call;

  OpenLoop(int perSec, Call call) {
    this.perSec = perSec;
    this.call = call;
  }

  /** What is done. Any thread. */
  @FunctionalInterface
  interface Call {
    /** Does it for the so-manieth time; returns null, or in a few words why it failed. */
    @Nullable String call(int number) throws Exception;
  }

  /**
   * What came of it.
   *
   * @param us microseconds of those that did not fail
   * @param failures how many for each reason
   */
  record Result(ConcurrentHistogram us, Map<String, LongAdder> failures) {
    double ms(double percentile) {
      return us.getValueAtPercentile(percentile) / 1e3;
    }
  }

  /** Goes on for a while; what is due in the first part is not timed. */
  Result run(Duration warmUp, Duration time) {
    ConcurrentHistogram us = new ConcurrentHistogram(LONGEST_US, 3);
    Map<String, LongAdder> failures = new ConcurrentHashMap<>();
    Semaphore room = new Semaphore(UNDER_WAY_MAX);
    long intervalNs = TimeUnit.SECONDS.toNanos(1) / perSec;
    long warm = warmUp.toNanos() / intervalNs;
    long count = warm + time.toNanos() / intervalNs;
    long startNs = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        int number = i;
        boolean isTimed = i >= warm;
        long dueNs = startNs + i * intervalNs;
        for (long left = dueNs - System.nanoTime(); left > 0; left = dueNs - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        if (!room.tryAcquire()) {
          failures.computeIfAbsent("too many under way", _ -> new LongAdder()).increment();
          continue;
        }
        threads.execute(() -> {
          String failure = attempt(number);
          room.release();
          if (failure != null) {
            failures.computeIfAbsent(failure, _ -> new LongAdder()).increment();
          } else if (isTimed) {
            us.recordValue(Math.min(LONGEST_US, (System.nanoTime() - dueNs) / 1_000));
          }
        });
      }
    }
    return new Result(us, failures);
  }

  private @Nullable String attempt(int number) {
    try {
      return call.call(number);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    } catch (Exception e) {
      return e.toString();
    }
  }
}
