package dev.parley.session.store.dynamo;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DynamoClientsTest {
  private static final int CALLS = 2_000;
  private static final Duration TIME_TO_RUN = Duration.ofNanos(500_000);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  @Test
  void callsDoNotWakeTheThreadThatGivesThemUp() throws Exception {
    // Made here if it was not there.
    DynamoClients.TIMEOUTS.submit(() -> {}).get();
    long thread = timeoutsThread();
    long before = asleep(thread).getWaitedCount();

    for (int i = 0; i < CALLS; i++) {
      ScheduledFuture<?> call = DynamoClients.TIMEOUTS.schedule(() -> {}, 3, TimeUnit.SECONDS);
      letRun(thread);
      call.cancel(false);
    }

    assertThat(asleep(thread).getWaitedCount() - before).isLessThan(CALLS / 10);
  }

  private static long timeoutsThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("dynamodb-timeouts"))
        .findAny()
        .orElseThrow()
        .threadId();
  }

  /** Until it has slept once more, if anything woke it. */
  private void letRun(long thread) {
    long startNs = System.nanoTime();
    long count = threads.getThreadInfo(thread).getWaitedCount();
    while (threads.getThreadInfo(thread).getWaitedCount() == count
        && System.nanoTime() - startNs < TIME_TO_RUN.toNanos()) {
      Thread.onSpinWait();
    }
  }

  private ThreadInfo asleep(long thread) {
    long startNs = System.nanoTime();
    while (System.nanoTime() - startNs < PATIENCE.toNanos()) {
      ThreadInfo info = threads.getThreadInfo(thread);
      if (info.getThreadState() == Thread.State.TIMED_WAITING
          || info.getThreadState() == Thread.State.WAITING) {
        return info;
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("the thread is never asleep");
  }
}
