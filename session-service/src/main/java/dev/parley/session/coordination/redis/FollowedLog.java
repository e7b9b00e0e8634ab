package dev.parley.session.coordination.redis;

import dev.parley.session.event.EventLog;
import dev.parley.session.event.EventLog.Entry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one node knows of one conference's log, and its follower. Events come by the channel as long
 * as their numbers have no gap, else from the stream; while neither can be reached, those of this
 * node alone, under numbers that no log has. Any thread; a lock keeps the follower's calls in
 * order.
 */
final class FollowedLog {
  private static final int BEATS_UNTIL_READ = 5;
  private static final long NOWHERE = -1;

  private final EventLog.Follower follower;
  private final LongFunction<CompletableFuture<Reading>> reader;
  private final LongSupplier numbersApart;
  private final RedisCounters counters;
  private final ReentrantLock lock = new ReentrantLock();
  private long position = NOWHERE;
  private boolean isApart;
  private boolean isSubscribed;
  private boolean isReading;
  private boolean isToBeReadAgain;
  private int beats;

  /**
   * What the stream says.
   *
   * @param seq the newest event's number
   */
  record Reading(long seq, EventLog.Replay replay) {}

  /**
   * Begins nowhere.
   *
   * @param reader reads what followed a number, or -1 to learn where the log stands
   * @param numbersApart draws a number to count from while the log is out of reach
   */
  FollowedLog(
      EventLog.Follower follower,
      LongFunction<CompletableFuture<Reading>> reader,
      LongSupplier numbersApart,
      RedisCounters counters) {
    this.follower = follower;
    this.reader = reader;
    this.numbersApart = numbersApart;
    this.counters = counters;
  }

  /** What is published from now on comes; what was there before must be read. */
  void onSubscribed() {
    lock.lock();
    try {
      isSubscribed = true;
    } finally {
      lock.unlock();
    }
    read();
  }

  void onBroadcast(String text) {
    lock.lock();
    try {
      follower.onBroadcast(text);
    } finally {
      lock.unlock();
    }
  }

  /** Takes an event from the channel, which comes more than once, late, or not at all. */
  void onPublished(Entry entry) {
    lock.lock();
    try {
      boolean isNext = !isApart && !isReading && position + 1 == entry.seq();
      if (isNext && position != NOWHERE) {
        position = entry.seq();
        follower.onEvent(entry);
        return;
      }
    } finally {
      lock.unlock();
    }
    read();
  }

  /** The log did not take an event of this node; its own watchers hear of it all the same. */
  void onNotAppended(String event, boolean isLast) {
    lock.lock();
    try {
      if (!isApart) {
        goApart();
      }
      position++;
      counters.increment(RedisCounter.EVENTS_ALONE);
      follower.onEvent(new Entry(position, event, isLast));
    } finally {
      lock.unlock();
    }
  }

  /** The log cannot be reached, so other nodes' events may be missing. */
  void onOutOfReach() {
    lock.lock();
    try {
      if (isApart) {
        follower.onGap(position);
      } else {
        goApart();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Looks from time to time whether the channel kept something back. */
  void beat() {
    boolean isDue;
    lock.lock();
    try {
      beats++;
      isDue = isApart || beats >= BEATS_UNTIL_READ;
    } finally {
      lock.unlock();
    }
    if (isDue) {
      read();
    }
  }

  boolean isSubscribed() {
    lock.lock();
    try {
      return isSubscribed;
    } finally {
      lock.unlock();
    }
  }

  private void read() {
    long after;
    lock.lock();
    try {
      if (isReading) {
        isToBeReadAgain = true;
        return;
      }
      isReading = true;
      beats = 0;
      after = isApart ? NOWHERE : position;
    } finally {
      lock.unlock();
    }
    var _ = reader.apply(after).whenComplete(this::onRead);
  }

  private void onRead(@Nullable Reading reading, @Nullable Throwable failure) {
    boolean isAgain;
    lock.lock();
    try {
      isReading = false;
      isAgain = isToBeReadAgain && reading != null;
      isToBeReadAgain = false;
      if (reading == null) {
        if (!isApart) {
          goApart();
        }
      } else if (reading.replay().isKnown() && !isApart) {
        catchUp(reading);
      } else {
        if (position != NOWHERE) {
          counters.increment(RedisCounter.GAPS);
        }
        isApart = false;
        position = reading.seq();
        follower.onGap(position);
      }
    } finally {
      lock.unlock();
    }
    if (isAgain) {
      read();
    }
  }

  private void catchUp(Reading reading) {
    for (Entry entry : reading.replay().entries()) {
      position = entry.seq();
      follower.onEvent(entry);
    }
  }

  private void goApart() {
    isApart = true;
    position = numbersApart.getAsLong();
    counters.increment(RedisCounter.LOGS_ALONE);
    follower.onGap(position);
  }
}
