package dev.parley.session.conference;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;

/**
 * When to look at which shard of the due work, so that a node without work asks the store next to
 * nothing. Whoever writes what will be due says so, and the shard is looked at then; each {@link
 * #LOOK_INTERVAL} one node looks at it anyway, for what others wrote who are no more. Work is
 * looked at up to {@link #GRAIN} late, or up to the interval late if its writer has died.
 * Thread-safe.
 */
public final class DueShards {
  /** How many shards the due work has. */
  public static final int COUNT = 16;

  /** How often a shard is looked at of which nobody has said anything. */
  public static final Duration LOOK_INTERVAL = Duration.ofSeconds(15);

  /** What is due within so much time is looked at together. */
  public static final Duration GRAIN = Duration.ofMillis(500);

  /** Times remembered of one shard; what is due after them is found by the looks in between. */
  private static final int WAKES_MAX = 4_096;

  private final ReentrantLock lock = new ReentrantLock();
  private final List<TreeSet<Long>> wakes = new ArrayList<>();
  private final long[] lookAtMs = new long[COUNT];

  /** Begins with a look at all shards, for what an earlier run may have left. */
  public DueShards() {
    Arrays.fill(lookAtMs, Long.MIN_VALUE);
    for (int shard = 0; shard < COUNT; shard++) {
      wakes.add(new TreeSet<>());
    }
  }

  /** Has a shard looked at when something in it is due. */
  public void wake(int shard, Instant dueAt) {
    long grainMs = GRAIN.toMillis();
    long atMs = Math.ceilDiv(dueAt.toEpochMilli(), grainMs) * grainMs;
    lock.lock();
    try {
      TreeSet<Long> times = wakes.get(shard);
      if (times.add(atMs) && times.size() > WAKES_MAX) {
        times.pollLast();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Has a shard looked at again in the next round: there was more, or something failed. */
  public void again(int shard) {
    lock.lock();
    try {
      wakes.get(shard).add(Long.MIN_VALUE);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the shards that must be looked at now.
   *
   * @param isOurs says which shards this node looks at though nobody told it to
   */
  public List<Integer> take(Instant now, IntPredicate isOurs) {
    long nowMs = now.toEpochMilli();
    List<Integer> due = new ArrayList<>();
    lock.lock();
    try {
      for (int shard = 0; shard < COUNT; shard++) {
        TreeSet<Long> times = wakes.get(shard);
        boolean isDue = !times.isEmpty() && times.first() <= nowMs;
        times.headSet(nowMs, true).clear();
        boolean isLookDue = lookAtMs[shard] <= nowMs;
        if (isDue || (isLookDue && isOurs.test(shard))) {
          due.add(shard);
        }
        if (isDue || isLookDue) {
          lookAtMs[shard] = nowMs + LOOK_INTERVAL.toMillis();
        }
      }
    } finally {
      lock.unlock();
    }
    return due;
  }
}
