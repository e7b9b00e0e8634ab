package dev.parley.media.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * How a media thread waits: for its sockets, or deaf to them until a time. Whoever has written what
 * it must see wakes it, at the price of a memory fence while it is awake, and of one system call
 * while it waits.
 *
 * <p>No wake-up is lost: the thread says that it waits before it looks for work for the last time,
 * the other looks for a waiting thread after it has written, and a full fence between the two steps
 * on either side lets at least one of them see the other's first step.
 */
final class LoopWait {
  private static final int AWAKE = 0;
  private static final int SELECTS = 1;
  private static final int PARKS = 2;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(LoopWait.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Thread thread;
  private final Runnable endSelect;

  /** Set by the thread; whoever wakes it sets it back. */
  private volatile int state;

  /**
   * Of a thread that is awake.
   *
   * @param endSelect lets the thread return from its sockets, now or from its next wait for them
   */
  LoopWait(Thread thread, Runnable endSelect) {
    this.thread = thread;
    this.endSelect = endSelect;
  }

  /** Wakes the thread if it waits or is about to. Any thread, after it has written. */
  void wake() {
    VarHandle.fullFence();
    int seen = state;
    if (seen == AWAKE || !STATE.compareAndSet(this, seen, AWAKE)) {
      return;
    }
    if (seen == SELECTS) {
      endSelect.run();
    } else {
      LockSupport.unpark(thread);
    }
  }

  // On the thread.

  /** From here on the thread is woken; it looks for work after this, and then waits. */
  void willSelect() {
    state = SELECTS;
    VarHandle.fullFence();
  }

  /** The same, for a wait that sockets do not end. */
  void willPark() {
    state = PARKS;
    VarHandle.fullFence();
  }

  /** False if the thread has been woken since it said that it would wait for its sockets. */
  boolean maySelect() {
    return state == SELECTS;
  }

  /** Waits so long, unless the thread has been woken since it said that it would. */
  void park(long ns) {
    if (state == PARKS) {
      LockSupport.parkNanos(this, ns);
    }
  }

  /** The thread has found work or has waited; nobody need wake it. */
  void goOn() {
    state = AWAKE;
  }
}
