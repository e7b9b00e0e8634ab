package dev.parley.session.coordination.local;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.event.EventLog;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The last events of each conference that somebody follows, in memory. Of others nothing is kept.
 * Thread-safe; a conference's lock keeps its events in order for all followers.
 */
final class LocalEventLog implements EventLog {
  private static final int LENGTH_MAX = 512;

  private final Clock clock;
  private final RandomGenerator random;
  private final Map<ConferenceId, Log> logs = new ConcurrentHashMap<>();

  LocalEventLog(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  @Override
  public void append(ConferenceId conference, String event, boolean isLast) {
    Log log = logs.get(conference);
    if (log != null) {
      log.append(event, isLast);
    }
  }

  @Override
  public void broadcast(ConferenceId conference, String text) {
    Log log = logs.get(conference);
    if (log != null) {
      log.tell(follower -> follower.onBroadcast(text));
    }
  }

  @Override
  public void forget(ConferenceId conference) {
    Log log = logs.get(conference);
    if (log != null) {
      log.forget();
    }
  }

  @Override
  public Following follow(ConferenceId conference, Follower follower) {
    logs.compute(
        conference,
        (_, known) -> {
          Log log =
              known == null
                  ? new Log(EventLog.firstNumber(clock.instant().getEpochSecond(), random))
                  : known;
          log.add(follower);
          return log;
        });
    return () -> logs.computeIfPresent(conference, (_, log) -> log.isLastOf(follower) ? null : log);
  }

  @Override
  public Replay after(ConferenceId conference, long seq, int countMax) {
    Log log = logs.get(conference);
    return log == null ? Replay.UNKNOWN : log.after(seq, countMax);
  }

  /** One conference's events. */
  private static final class Log {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Follower> followers = new ArrayList<>();
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long seq;
    private boolean hasEnded;

    Log(long seq) {
      this.seq = seq;
    }

    void append(String event, boolean isLast) {
      lock.lock();
      try {
        if (hasEnded) {
          return;
        }
        seq++;
        Entry entry = new Entry(seq, event, isLast);
        if (entries.size() >= LENGTH_MAX) {
          entries.removeFirst();
        }
        entries.addLast(entry);
        hasEnded = isLast;
        followers.forEach(follower -> follower.onEvent(entry));
      } finally {
        lock.unlock();
      }
    }

    void forget() {
      lock.lock();
      try {
        entries.clear();
        // Who resumes from here has missed nothing; who resumes from before gets a snapshot.
        followers.forEach(follower -> follower.onGap(seq));
      } finally {
        lock.unlock();
      }
    }

    void tell(Consumer<Follower> words) {
      lock.lock();
      try {
        followers.forEach(words);
      } finally {
        lock.unlock();
      }
    }

    void add(Follower follower) {
      lock.lock();
      try {
        followers.add(follower);
        follower.onGap(seq);
      } finally {
        lock.unlock();
      }
    }

    /** Removes a follower; returns true if nobody is left. */
    boolean isLastOf(Follower follower) {
      lock.lock();
      try {
        followers.remove(follower);
        return followers.isEmpty();
      } finally {
        lock.unlock();
      }
    }

    Replay after(long known, int countMax) {
      lock.lock();
      try {
        long oldest = entries.isEmpty() ? seq : entries.getFirst().seq() - 1;
        if (known < oldest || known > seq || seq - known > countMax) {
          return Replay.UNKNOWN;
        }
        List<Entry> missed = entries.stream().filter(entry -> entry.seq() > known).toList();
        return new Replay(true, hasEnded, missed);
      } finally {
        lock.unlock();
      }
    }
  }
}
