package dev.parley.media;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** The thread that runs an {@link AgentBalancer}. */
final class BalancerThread implements AutoCloseable {
  private static final long LAST_STEP_NS = TimeUnit.MILLISECONDS.toNanos(1);

  /** How long the last move may take. */
  private static final long END_NS_MAX = TimeUnit.SECONDS.toNanos(1);

  private final AgentBalancer balancer;
  private final LongSupplier nanoClock;
  private final Thread thread;
  private volatile boolean isClosing;

  BalancerThread(AgentBalancer balancer, LongSupplier nanoClock) {
    this.balancer = balancer;
    this.nanoClock = nanoClock;
    thread = Thread.ofPlatform().name("agent-balancer").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!isClosing) {
      LockSupport.parkNanos(this, balancer.step(nanoClock.getAsLong()));
    }
    long startNs = nanoClock.getAsLong();
    while (balancer.isMoving() && nanoClock.getAsLong() - startNs < END_NS_MAX) {
      LockSupport.parkNanos(this, LAST_STEP_NS);
    }
  }

  /**
   * Begins no more moves and waits for the one under way: a conference between two agents would not
   * be ended properly with them.
   */
  @Override
  public void close() {
    isClosing = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
