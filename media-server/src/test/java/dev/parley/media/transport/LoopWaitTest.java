package dev.parley.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LoopWaitTest {
  private static final long LONG_NS = TimeUnit.MINUTES.toNanos(5);
  private static final int HAND_OFFS = 100_000;

  /** Stands for the sockets. */
  private final Semaphore selector = new Semaphore(0);

  private final AtomicLong written = new AtomicLong();
  private final AtomicLong read = new AtomicLong();
  private final Thread producer = Thread.currentThread();

  /** Ping-pong: one lost wake-up, and both sides wait for each other until the time is over. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noWakeUpIsLost(boolean parks) throws InterruptedException {
    Looper looper = new Looper(parks);
    looper.thread.start();

    for (int i = 1; i <= HAND_OFFS; i++) {
      written.set(i);
      looper.wait.wake();
      // Some hand-offs find the thread awake, some falling asleep, some asleep.
      if (i % 3 != 0) {
        while (read.get() < i) {
          LockSupport.park(this);
        }
      }
    }
    looper.thread.join();

    assertThat(read).hasValue(HAND_OFFS);
  }

  @Test
  void aThreadThatIsAwakeCostsNoCall() {
    LoopWait wait = new LoopWait(producer, selector::release);

    wait.wake();
    assertThat(selector.availablePermits()).isZero();

    wait.willSelect();
    wait.wake();
    wait.wake();
    assertThat(selector.availablePermits()).isEqualTo(1);
    assertThat(wait.maySelect()).isFalse();
  }

  @Test
  void waitsNoLongerThanItIsTold() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    Thread thread =
        new Thread(() -> {
          LoopWait wait = new LoopWait(Thread.currentThread(), selector::release);
          wait.willPark();
          wait.park(TimeUnit.MILLISECONDS.toNanos(20));
          ended.countDown();
        });
    thread.start();

    assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
  }

  /** Reads one thing a cycle, and waits when there is none, as a media thread does. */
  private final class Looper {
    final boolean parks;
    final Thread thread = new Thread(this::run);
    final LoopWait wait = new LoopWait(thread, selector::release);

    Looper(boolean parks) {
      this.parks = parks;
    }

    private void run() {
      while (read.get() < HAND_OFFS) {
        if (written.get() > read.get()) {
          read.incrementAndGet();
          LockSupport.unpark(producer);
        } else {
          rest();
        }
      }
    }

    private void rest() {
      if (parks) {
        wait.willPark();
      } else {
        wait.willSelect();
      }
      if (written.get() == read.get()) {
        if (parks) {
          wait.park(LONG_NS);
        } else if (wait.maySelect()) {
          selector.acquireUninterruptibly();
        }
      }
      wait.goOn();
    }
  }
}
