package dev.parley.session.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.session.access.Quota;
import dev.parley.session.conference.CallStatus;
import dev.parley.session.conference.CallStatuses.Delivery;
import dev.parley.session.conference.JoinQueues.Waiting;
import dev.parley.session.conference.ParticipantState;
import dev.parley.testsupport.SharedRedis;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How long what Redis does takes at 500 a second, from the moment it was due, on this machine now,
 * once the code is compiled: printed, not judged, for a busy machine is no fault.
 */
@Timeout(60)
final class RedisLatencyIT {
  private static final int RATE_PER_SECOND = 500;
  private static final int COUNT = 750;

  /**
   * So many calls before, as fast as they go: what is measured is to be Redis, not the compiler.
   */
  private static final int WARM_UP = 8_000;

  private static final int WARM_UP_AT_ONCE = 16;
  private static final Duration KEEP = Duration.ofMinutes(1);
  private static final ConferenceId CONFERENCE = new ConferenceId("cf_1");
  private static final RedisCoordination NODE = TestCoordination.of(SharedRedis.server().address());

  private final long[] dueNs = new long[COUNT];
  private final long[] tookNs = new long[COUNT];

  @AfterAll
  static void close() {
    NODE.close();
  }

  @Test
  void limiterDecision() throws InterruptedException {
    Quota quota = new Quota("latency", 1000, Duration.ofSeconds(1));

    atRate(i -> NODE.rateWindows().take("t" + i % 10, quota));

    report("limiter decision");
  }

  @Test
  void queueAdmit() throws InterruptedException {
    Region region = new Region("latency-queue");

    atRate(i -> {
      Waiting waiting = new Waiting(new ParticipantId("pt_" + i), CONFERENCE, 1);
      NODE.joinQueues().enter(region, waiting, KEEP);
      assertThat(NODE.joinQueues().take(region, 1)).hasSizeLessThanOrEqualTo(1);
    });

    report("queue: enter and take");
  }

  @Test
  void statusDelivery() throws InterruptedException {
    Region region = new Region("latency-status");
    CountDownLatch arrived = new CountDownLatch(COUNT);
    Thread taker = Thread.ofVirtual().start(() -> take(region, arrived));

    atRate(i ->
        NODE.callStatuses()
            .send(
                region,
                new CallStatus(
                    CONFERENCE, new ParticipantId("pt_" + i), i, ParticipantState.CONNECTED)));

    assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
    taker.interrupt();
    taker.join();
    report("status, sent to taken");
  }

  private void take(Region region, CountDownLatch arrived) {
    while (arrived.getCount() > 0) {
      List<Delivery> taken = NODE.callStatuses().take(region, "node", 100, KEEP);
      long nowNs = System.nanoTime();
      for (Delivery delivery : taken) {
        int i = (int) delivery.status().number();
        if (i < COUNT) {
          tookNs[i] = nowNs - dueNs[i];
          arrived.countDown();
        }
      }
      NODE.callStatuses().done(region, taken);
    }
  }

  /** Calls as fast as some threads can, under numbers beyond those measured. */
  private static void warmUp(IntConsumer call) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int thread = 0; thread < WARM_UP_AT_ONCE; thread++) {
        int first = COUNT + thread;
        threads.execute(() -> {
          for (int i = first; i < COUNT + WARM_UP; i += WARM_UP_AT_ONCE) {
            call.accept(i);
          }
        });
      }
    }
  }

  /** Calls at a fixed rate, whether or not earlier calls have come back. */
  private void atRate(IntConsumer call) throws InterruptedException {
    warmUp(call);
    long startNs = System.nanoTime();
    CountDownLatch done = new CountDownLatch(COUNT);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < COUNT; i++) {
        int mine = i;
        dueNs[i] = startNs + i * TimeUnit.SECONDS.toNanos(1) / RATE_PER_SECOND;
        LockSupport.parkNanos(dueNs[i] - System.nanoTime());
        threads.execute(() -> {
          call.accept(mine);
          tookNs[mine] = Math.max(tookNs[mine], System.nanoTime() - dueNs[mine]);
          done.countDown();
        });
      }
      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void report(String what) {
    long[] sorted = tookNs.clone();
    Arrays.sort(sorted);
    System.out.printf(
        "Redis at %d/s: %-22s p50 %.2f ms, p99 %.2f ms, max %.2f ms%n",
        RATE_PER_SECOND, what, ms(sorted, 0.5), ms(sorted, 0.99), ms(sorted, 1));
  }

  private static double ms(long[] sorted, double share) {
    return sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))] / 1e6;
  }
}
