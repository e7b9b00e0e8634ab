package dev.parley.media.transport;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets an event loop rest between reads while nobody is forwarded anything: packets that only a mix
 * hears wait for its tick anyway, so a loop with much to read need not wake for each. What else
 * comes by the socket, such as a check, waits as long.
 *
 * <p>No task is left waiting: whoever hands one over says so and then looks for a sleeper, the loop
 * says that it sleeps and then looks whether it was told, with a full fence between the two steps
 * on either side. Owned by one event loop, save {@link #wake}.
 */
final class ReadRest implements SelectStrategy {
  /** From one read to the next: a tenth of a tick, and little beside a network's jitter. */
  static final long REST_NS = 2_000_000L;

  /** What a read must bring to be worth the rest before it. */
  private static final int DATAGRAMS_MIN = 2;

  private static final VarHandle SLEEPER;

  static {
    try {
      SLEEPER = MethodHandles.lookup().findVarHandle(ReadRest.class, "sleeper", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final AgentRings[] agents;
  private final TransportCounters counters;
  private final LongSupplier clockNs;
  private boolean isBusy;
  private long lastReadNs;

  /** The loop's thread while it sleeps or is about to; whoever wakes it takes it from here. */
  private volatile @Nullable Thread sleeper;

  /** Set by whoever hands over a task, cleared by the loop when it next means to rest. */
  private volatile boolean wasTold;

  ReadRest(AgentRings[] agents, TransportCounters counters, LongSupplier clockNs) {
    this.agents = agents;
    this.counters = counters;
    this.clockNs = clockNs;
    lastReadNs = clockNs.getAsLong() - REST_NS;
  }

  /** Ends the rest for a task that was just handed over. Any thread. */
  void wake() {
    wasTold = true;
    VarHandle.fullFence();
    if (sleeper == null) {
      return;
    }
    Thread thread = (Thread) SLEEPER.getAndSet(this, null);
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  // On the loop's thread.

  /** Hears of a read that has just ended, and how many datagrams it brought. */
  void onRead(int datagrams, long nowNs) {
    boolean cameSoon = nowNs - lastReadNs < REST_NS / DATAGRAMS_MIN;
    isBusy = cameSoon || datagrams >= DATAGRAMS_MIN;
    lastReadNs = nowNs;
  }

  /** Rests if it is worth while, then selects as Netty would. */
  @Override
  public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
    if (hasTasks) {
      return selectNow.get();
    }
    long restNs = restNs();
    if (restNs > 0) {
      rest(restNs);
    }
    return SelectStrategy.SELECT;
  }

  private long restNs() {
    if (!isBusy) {
      return 0;
    }
    for (AgentRings agent : agents) {
      if (agent.wake().isPrompt()) {
        return 0;
      }
    }
    return lastReadNs + REST_NS - clockNs.getAsLong();
  }

  private void rest(long restNs) {
    sleeper = Thread.currentThread();
    VarHandle.fullFence();
    if (!wasTold) {
      LockSupport.parkNanos(this, restNs);
      counters.increment(TransportCounter.READ_RESTS);
    }
    sleeper = null;
    wasTold = false;
  }
}
