package dev.parley.media.conference;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * How a mix agent waits: it looks again a few times, then sleeps until it is due or woken. A
 * producer wakes it after writing to one of its rings, at the price of a memory fence while the
 * agent is awake, and of one system call while it sleeps.
 *
 * <p>No wake-up is lost: the agent says that it sleeps before it looks at its rings for the last
 * time, the producer looks for a sleeper after it has written, and a full fence between the two
 * steps on either side lets at least one of them see the other's first step.
 */
public final class AgentIdle implements IdleStrategy {
  private static final VarHandle SLEEPER;

  /** Looks in vain before sleeping: what a few packets in a row take to come. */
  private static final int LOOKS_MAX = 20;

  static {
    try {
      SLEEPER = MethodHandles.lookup().findVarHandle(AgentIdle.class, "sleeper", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private LongSupplier restNs = () -> 0;
  private volatile boolean isPrompt = true;
  private int looks;

  /** The agent's thread while it sleeps or is about to; whoever wakes it takes it from here. */
  private volatile @Nullable Thread sleeper;

  /**
   * Sets what says how long there is nothing to do, in nanoseconds, or 0 if there is something.
   * Before the agent's thread starts.
   */
  public void restNs(LongSupplier restNs) {
    this.restNs = restNs;
  }

  /**
   * Sets whether packets must be handled as they come, because somebody is forwarded them. If not,
   * they may wait in their ring for the next tick. On the agent's thread.
   */
  void prompt(boolean prompt) {
    isPrompt = prompt;
  }

  /** Whether packets must be handled as they come. Any thread. */
  public boolean isPrompt() {
    return isPrompt;
  }

  /**
   * Wakes the agent for packets that were written to its ring, if it sleeps and they cannot wait.
   * Any thread.
   *
   * @param isFilling true if the ring may not have room until the next tick
   */
  public void wakeForPackets(boolean isFilling) {
    VarHandle.fullFence();
    if (isPrompt || isFilling) {
      wakeSleeper();
    }
  }

  /** Wakes the agent if it sleeps. Any thread, after it has written what the agent shall see. */
  public void wake() {
    VarHandle.fullFence();
    wakeSleeper();
  }

  private void wakeSleeper() {
    if (sleeper == null) {
      return;
    }
    Thread thread = (Thread) SLEEPER.getAndSet(this, null);
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  // On the agent's thread.

  @Override
  public void idle(int workCount) {
    if (workCount > 0) {
      looks = 0;
    } else {
      idle();
    }
  }

  @Override
  public void idle() {
    if (looks < LOOKS_MAX) {
      looks++;
      Thread.onSpinWait();
      return;
    }
    sleeper = Thread.currentThread();
    VarHandle.fullFence();
    long ns = restNs.getAsLong();
    if (ns > 0) {
      LockSupport.parkNanos(this, ns);
    }
    sleeper = null;
  }

  @Override
  public void reset() {
    looks = 0;
  }

  @Override
  public String alias() {
    return "agent-idle";
  }
}
