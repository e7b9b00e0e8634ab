package dev.parley.session.capacity;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The places at the store. Requests are let in by how many are taken: what can wait is refused,
 * after a moment, while there is still room for what cannot. Operations take one place each, and
 * wait for it in the order of their priority. Thread-safe.
 *
 * <p>A place is held while an operation pauses to be tried again: a store that refuses for too much
 * is so asked more and more slowly. It is not held while a request waits for anything else, such as
 * a media server.
 */
public final class Capacity {
  /** Operations of one priority that wait for a place; more are refused. */
  static final int WAITING_MAX = 1_000;

  static final long WAIT_MAX_NS = TimeUnit.SECONDS.toNanos(2);

  /** A moment in which nothing went on, for a disk or a collector, is over by then. */
  static final long ARRIVAL_WAIT_MAX_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();

  // All guarded by the lock.
  private final AdaptiveLimit limit;
  private final Map<Priority, ArrayDeque<Waiter>> waiting = new EnumMap<>(Priority.class);
  private final Map<Priority, ArrayDeque<Waiter>> arriving = new EnumMap<>(Priority.class);
  private final Map<Priority, Long> shed = new EnumMap<>(Priority.class);
  private int inFlight;
  private int waitingCount;
  private long lateCount;

  /**
   * Begins with all places free.
   *
   * @param kinds of operations, which take different times
   * @param nanoTime monotonic time in nanoseconds
   */
  public Capacity(int kinds, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.limit = new AdaptiveLimit(kinds, nanoTime.getAsLong());
    for (Priority priority : Priority.values()) {
      waiting.put(priority, new ArrayDeque<>());
      arriving.put(priority, new ArrayDeque<>());
    }
  }

  /** An operation or a request that waits; {@code hasPlace} is guarded by the lock. */
  private static final class Waiter {
    final CountDownLatch turn = new CountDownLatch(1);
    boolean hasPlace;
  }

  /**
   * Whether a request may begin; waits for room for a tenth of a second, if need be. If not, it is
   * counted as shed; nothing has been done for it yet. P0 is refused only when nobody else is
   * served any more and a long line waits, and at once.
   */
  public boolean admits(Priority priority) {
    Waiter waiter;
    lock.lock();
    try {
      if (hasRoom(priority, 0)) {
        return true;
      }
      if (priority == Priority.P0 || arrivingOf(priority).size() >= WAITING_MAX) {
        shed.merge(priority, 1L, Long::sum);
        return false;
      }
      waiter = new Waiter();
      arrivingOf(priority).addLast(waiter);
    } finally {
      lock.unlock();
    }
    return awaitRoom(priority, waiter);
  }

  /**
   * Guarded by the lock.
   *
   * @param more let in just now, which have not asked for a place yet
   */
  private boolean hasRoom(Priority priority, int more) {
    return priority == Priority.P0
        ? waitingOf(priority).size() < WAITING_MAX
        : inFlight + waitingCount + more < priority.placesOf(limit.limit());
  }

  /**
   * Takes a place for one operation, and waits for one if need be, two seconds at most.
   *
   * @return false if there was none; otherwise the caller must {@link #leave}
   */
  public boolean enter(Priority priority) {
    Waiter waiter;
    lock.lock();
    try {
      if (waitingOf(priority).isEmpty() && inFlight < priority.placesOf(limit.limit())) {
        inFlight++;
        limit.onBusy(inFlight);
        return true;
      }
      if (waitingOf(priority).size() >= WAITING_MAX) {
        lateCount++;
        return false;
      }
      waiter = new Waiter();
      waitingOf(priority).addLast(waiter);
      waitingCount++;
      limit.onBusy(inFlight + waitingCount);
    } finally {
      lock.unlock();
    }
    return awaitTurn(priority, waiter);
  }

  /**
   * Gives the place back, after the store has answered.
   *
   * @param kind of the operation, from 0
   * @param tookNs without the wait for the place
   */
  public void leave(int kind, long tookNs) {
    leave(() -> limit.onAnswered(kind, tookNs, nanoTime.getAsLong()));
  }

  /** Gives the place back of an operation that the store did not answer. */
  public void leaveUnanswered() {
    leave(() -> limit.onFailed(nanoTime.getAsLong()));
  }

  /** The store refused an attempt for too much; it may be made again, in the same place. */
  public void onThrottled() {
    lock.lock();
    try {
      limit.onFailed(nanoTime.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  /** How many operations may be under way now. */
  public int limit() {
    return read(limit::limit);
  }

  /** How many are under way. */
  public int inFlight() {
    return read(() -> inFlight);
  }

  /** How many wait for a place. */
  public int waitingCount() {
    return read(() -> waitingCount);
  }

  /** How many requests wait to be let in. */
  public int arrivingCount() {
    return read(() -> arriving.values().stream().mapToInt(ArrayDeque::size).sum());
  }

  /** Operations that found no place within their time. */
  public long lateCount() {
    lock.lock();
    try {
      return lateCount;
    } finally {
      lock.unlock();
    }
  }

  /** Requests that were refused before anything was done for them. */
  public long shedCount(Priority priority) {
    lock.lock();
    try {
      return shed.getOrDefault(priority, 0L);
    } finally {
      lock.unlock();
    }
  }

  private void leave(Runnable learning) {
    lock.lock();
    try {
      inFlight--;
      learning.run();
      handOn();
    } finally {
      lock.unlock();
    }
  }

  /** Gives free places to those who wait, what cannot wait first. */
  private void handOn() {
    for (Priority priority : Priority.values()) {
      ArrayDeque<Waiter> line = waitingOf(priority);
      while (!line.isEmpty() && inFlight < priority.placesOf(limit.limit())) {
        Waiter next = line.removeFirst();
        waitingCount--;
        inFlight++;
        next.hasPlace = true;
        next.turn.countDown();
      }
    }
    letIn();
  }

  private void letIn() {
    int count = 0;
    for (Priority priority : Priority.values()) {
      ArrayDeque<Waiter> line = arrivingOf(priority);
      while (!line.isEmpty() && hasRoom(priority, count)) {
        Waiter next = line.removeFirst();
        next.hasPlace = true;
        next.turn.countDown();
        count++;
      }
    }
  }

  private boolean awaitTurn(Priority priority, Waiter waiter) {
    return await(
        waiter,
        WAIT_MAX_NS,
        () -> {
          waitingOf(priority).remove(waiter);
          waitingCount--;
          lateCount++;
        });
  }

  private boolean awaitRoom(Priority priority, Waiter waiter) {
    return await(
        waiter,
        ARRIVAL_WAIT_MAX_NS,
        () -> {
          arrivingOf(priority).remove(waiter);
          shed.merge(priority, 1L, Long::sum);
        });
  }

  /**
   * Waits for a turn.
   *
   * @param givingUp done with the lock held if it has not come
   */
  private boolean await(Waiter waiter, long mostNs, Runnable givingUp) {
    boolean isInterrupted = false;
    try {
      boolean _ = waiter.turn.await(mostNs, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      isInterrupted = true;
    }
    lock.lock();
    try {
      // The turn may have come just now; then the place is this one's to give back.
      if (!waiter.hasPlace) {
        givingUp.run();
      }
      return waiter.hasPlace;
    } finally {
      lock.unlock();
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private ArrayDeque<Waiter> waitingOf(Priority priority) {
    return requireNonNull(waiting.get(priority));
  }

  private ArrayDeque<Waiter> arrivingOf(Priority priority) {
    return requireNonNull(arriving.get(priority));
  }

  private int read(IntSupplier value) {
    lock.lock();
    try {
      return value.getAsInt();
    } finally {
      lock.unlock();
    }
  }
}
