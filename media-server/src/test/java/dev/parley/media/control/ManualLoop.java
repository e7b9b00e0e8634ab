package dev.parley.media.control;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A loop whose clock the test moves: tasks run when it says so, timers when their time has come.
 */
final class ManualLoop implements LinkLoop {
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<Due> timers =
      new PriorityQueue<>(Comparator.comparingLong(Due::atNs).thenComparingLong(Due::order));
  private long nowNs;
  private long order;

  private record Due(long atNs, long order, Runnable task) {}

  @Override
  public void execute(Runnable task) {
    tasks.addLast(task);
  }

  @Override
  public Timer schedule(long delayNs, Runnable task) {
    Due due = new Due(nowNs + delayNs, order++, task);
    timers.add(due);
    return () -> timers.remove(due);
  }

  @Override
  public long nowNs() {
    return nowNs;
  }

  /** Runs what is to be run now. */
  void run() {
    for (Runnable task = tasks.pollFirst(); task != null; task = tasks.pollFirst()) {
      task.run();
    }
  }

  /** Moves the clock, stopping at each timer. */
  void advance(long durationNs) {
    long untilNs = nowNs + durationNs;
    run();
    while (!timers.isEmpty() && timers.peek().atNs() <= untilNs) {
      Due due = timers.poll();
      nowNs = due.atNs();
      due.task().run();
      run();
    }
    nowNs = untilNs;
  }
}
