package dev.parley.media.control;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link LinkLoop} on a thread of its own. Tasks given after {@link #close} are ignored. */
final class ThreadLoop implements LinkLoop, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadLoop.class);

  private final ScheduledThreadPoolExecutor thread;
  private final LongSupplier nanoClock;

  ThreadLoop(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    thread =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("control-link").daemon(true).factory());
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void execute(Runnable task) {
    try {
      thread.execute(() -> run(task));
    } catch (RejectedExecutionException _) {
      // Closed: what is still under way has nobody to tell.
    }
  }

  @Override
  public Timer schedule(long delayNs, Runnable task) {
    try {
      Future<?> future = thread.schedule(() -> run(task), delayNs, TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException _) {
      return () -> {};
    }
  }

  /** The executor would keep a failure to itself; the link's state would be wrong in silence. */
  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("control link task failed", e);
    }
  }

  @Override
  public long nowNs() {
    return nanoClock.getAsLong();
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
