package dev.parley.session;

import dev.parley.session.store.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what comes round again and again, on a thread of its own, until it is closed. */
final class DueLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DueLoop.class);

  /** How often to do what is due. */
  static final Duration INTERVAL = Duration.ofMillis(500);

  private static final long STOP_TIMEOUT_MS = 2_000;

  private final String name;
  private final Duration interval;
  private final IntSupplier work;
  private final ScheduledExecutorService thread;
  private final LongAdder done = new LongAdder();
  private final LongAdder failures = new LongAdder();

  /**
   * Takes the work.
   *
   * @param name the thread's
   * @param interval the pause between two rounds; the first begins at once
   * @param work does what is due and returns how much that was
   */
  DueLoop(String name, Duration interval, IntSupplier work) {
    this.name = name;
    this.interval = interval;
    this.work = work;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name(name).daemon(true).factory());
  }

  void start() {
    var _ = thread.scheduleWithFixedDelay(this::run, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  long doneCount() {
    return done.sum();
  }

  long failureCount() {
    return failures.sum();
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      done.add(work.getAsInt());
    } catch (StoreUnavailableException e) {
      failures.increment();
      LOG.warn("{} waits for the store: {}", name, e.getMessage());
    } catch (RuntimeException e) {
      // What failed is still due, so the next round tries it again; without this the executor
      // would never run another.
      failures.increment();
      LOG.warn("{} failed and will be tried again", name, e);
    }
  }
}
