package dev.parley.media.transport;

import dev.parley.media.packet.MediaRing;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A message in a ring wakes the media thread that waits for it, however the thread's falling asleep
 * and the writer's look for a sleeper overlap. Without the fences of {@link LoopWait} one wake-up
 * in some ten thousand is lost on x86.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "The thread saw the message at once.")
@Outcome(id = "1", expect = Expect.FORBIDDEN, desc = "The wake-up was lost: the thread slept on.")
@State
public class LoopWaitStress {
  /** Far longer than a busy machine keeps a thread waiting for a processor. */
  private static final long SLEEP_NS = TimeUnit.SECONDS.toNanos(3);

  private static final long LOST_NS = SLEEP_NS - TimeUnit.MILLISECONDS.toNanos(500);
  private static final int CAPACITY = 1 << 10;
  private static final int MESSAGE_TYPE = 1;
  private static final int MESSAGE_LENGTH = 8;

  private final RingBuffer ring = MediaRing.ofCapacity(CAPACITY);

  /** Stands for the sockets: a wake-up lets the next wait for them return, or the one under way. */
  private final Semaphore sockets = new Semaphore(0);

  private final LoopWait wait = new LoopWait(Thread.currentThread(), sockets::release);

  private int woken;

  /** The media thread: says that it waits, looks, and waits. */
  @Actor
  public void loop(I_Result result) {
    long startNs = System.nanoTime();
    do {
      wait.willSelect();
      if (ring.size() == 0 && wait.maySelect()) {
        select();
      }
      wait.goOn();
    } while (ring.read((type, buffer, index, length) -> {}) == 0);
    boolean wasLost = woken == 0 && System.nanoTime() - startNs > LOST_NS;
    result.r1 = wasLost ? 1 : 0;
  }

  private void select() {
    try {
      woken += sockets.tryAcquire(SLEEP_NS, TimeUnit.NANOSECONDS) ? 1 : 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Another media thread: writes one message, then wakes. */
  @Actor
  public void other() {
    int index = ring.tryClaim(MESSAGE_TYPE, MESSAGE_LENGTH);
    ring.commit(index);
    wait.wake();
  }
}
