package dev.parley.media.conference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AgentIdleTest {
  private static final long LONG_NS = TimeUnit.MINUTES.toNanos(5);
  private static final int HAND_OFFS = 100_000;

  private final AgentIdle idle = new AgentIdle();

  /** Ping-pong: one lost wake-up, and both sides wait for each other until the time is over. */
  @Test
  @Timeout(60)
  void noWakeUpIsLost() throws InterruptedException {
    AtomicLong written = new AtomicLong();
    AtomicLong read = new AtomicLong();
    idle.restNs(() -> written.get() > read.get() ? 0 : LONG_NS);
    Thread producer = Thread.currentThread();
    Thread consumer =
        new Thread(() -> {
          while (read.get() < HAND_OFFS) {
            int workCount = 0;
            if (written.get() > read.get()) {
              read.incrementAndGet();
              LockSupport.unpark(producer);
              workCount = 1;
            }
            idle.idle(workCount);
          }
        });
    consumer.start();

    for (int i = 1; i <= HAND_OFFS; i++) {
      written.set(i);
      idle.wake();
      // Some hand-offs find the consumer awake, some falling asleep, some asleep.
      if (i % 3 != 0) {
        while (read.get() < i) {
          LockSupport.park(this);
        }
      }
    }
    consumer.join();

    assertThat(read).hasValue(HAND_OFFS);
  }

  @Test
  @Timeout(60)
  void sleepsUntilItIsDue() throws InterruptedException {
    long startNs = System.nanoTime();
    long dueNs = startNs + TimeUnit.MILLISECONDS.toNanos(50);
    AtomicLong looks = new AtomicLong();
    idle.restNs(() -> {
      looks.incrementAndGet();
      return dueNs - System.nanoTime();
    });
    CountDownLatch due = new CountDownLatch(1);
    Thread agent =
        new Thread(() -> {
          while (System.nanoTime() - dueNs < 0) {
            idle.idle(0);
          }
          due.countDown();
        });
    agent.start();

    due.await();

    // A few early returns are the system's right; a thousand would be polling.
    assertThat(looks.get()).isBetween(1L, 20L);
  }

  @Test
  @Timeout(60)
  void packetsThatMayWaitWakeNobodyUntilTheRingFills() throws InterruptedException {
    CountDownLatch asleep = new CountDownLatch(1);
    AtomicLong looks = new AtomicLong();
    idle.restNs(() -> {
      idle.prompt(false);
      looks.incrementAndGet();
      asleep.countDown();
      return LONG_NS;
    });
    Thread agent =
        new Thread(() -> {
          while (!Thread.currentThread().isInterrupted()) {
            idle.idle(0);
          }
        });
    agent.start();
    asleep.await();
    awaitState(agent, Thread.State.TIMED_WAITING);
    long looksBefore = looks.get();

    for (int i = 0; i < 1_000; i++) {
      idle.wakeForPackets(false);
    }
    assertThat(looks).hasValue(looksBefore);

    idle.wakeForPackets(true);
    while (looks.get() == looksBefore) {
      Thread.onSpinWait();
    }
    agent.interrupt();
    agent.join();
  }

  private static void awaitState(Thread thread, Thread.State state) {
    while (thread.getState() != state) {
      Thread.onSpinWait();
    }
  }
}
