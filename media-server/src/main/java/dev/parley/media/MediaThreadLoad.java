package dev.parley.media;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * How much of a processor each media thread uses, by the operating system's account, from one look
 * to the next. {@link #look} belongs to one thread, the control link's, each second; any thread may
 * ask.
 */
final class MediaThreadLoad implements Headroom {
  private final double busyShare;
  private final LongSupplier nanoClock;
  private final Group loops;
  private final Group agents;
  private long lookedNs;

  /** Threads of one kind. */
  private static final class Group {
    final List<Thread> threads;
    final ToLongFunction<Thread> usedNs;
    final long[] usedThenNs;
    final AtomicReferenceArray<Double> shares;

    Group(List<Thread> threads, ToLongFunction<Thread> usedNs) {
      this.threads = List.copyOf(threads);
      this.usedNs = usedNs;
      usedThenNs = new long[threads.size()];
      shares = new AtomicReferenceArray<>(threads.size());
      for (int i = 0; i < usedThenNs.length; i++) {
        usedThenNs[i] = usedNs.applyAsLong(threads.get(i));
        shares.set(i, 0.0);
      }
    }

    void look(long elapsedNs) {
      for (int i = 0; i < usedThenNs.length; i++) {
        long nowNs = usedNs.applyAsLong(threads.get(i));
        shares.set(i, Math.clamp((double) (nowNs - usedThenNs[i]) / elapsedNs, 0, 1));
        usedThenNs[i] = nowNs;
      }
    }
  }

  /**
   * A load whose first interval begins now.
   *
   * @param busyShare of a processor, 0.1 to 1.0, from which on a thread is busy
   * @param usedNs processor time of a thread so far
   */
  MediaThreadLoad(
      List<Thread> loops,
      List<Thread> agents,
      double busyShare,
      LongSupplier nanoClock,
      ToLongFunction<Thread> usedNs) {
    this.busyShare = busyShare;
    this.nanoClock = nanoClock;
    this.loops = new Group(loops, usedNs);
    this.agents = new Group(agents, usedNs);
    lookedNs = nanoClock.getAsLong();
  }

  /** Measures the time since the last look. */
  void look() {
    long nowNs = nanoClock.getAsLong();
    long elapsedNs = Math.max(nowNs - lookedNs, 1);
    lookedNs = nowNs;
    loops.look(elapsedNs);
    agents.look(elapsedNs);
  }

  /** Share of a processor that an event loop's thread used, 0.0 to 1.0. */
  double loopShare(int index) {
    return loops.shares.get(index);
  }

  /** Share of a processor that a mix agent's thread used, 0.0 to 1.0. */
  double agentShare(int index) {
    return agents.shares.get(index);
  }

  @Override
  public boolean isLoopBusy(int index) {
    return loopShare(index) >= busyShare;
  }

  @Override
  public boolean isAgentBusy(int index) {
    return agentShare(index) >= busyShare;
  }
}
