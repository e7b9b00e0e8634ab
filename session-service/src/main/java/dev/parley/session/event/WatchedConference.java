package dev.parley.session.event;

import dev.parley.session.conference.ConferenceEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A conference that somebody watches: numbers its events, remembers the last of them, and hands
 * each to every watcher in order. Any thread; a lock guards numbers and watchers.
 */
final class WatchedConference {
  private static final int SEQUENCES_PER_SECOND_BITS = 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Logged> log = new ArrayDeque<>();
  private final Set<Watcher> watchers = new LinkedHashSet<>();
  private long seq;
  private boolean hasEnded;
  private long quietSinceNs;
  private ConferenceEvent.@Nullable SpeakersChanged speakersWaiting;
  private long speakersSentNs;

  private record Logged(long seq, String text) {}

  /** How a watcher was taken in. */
  enum Entry {
    /** What it missed waits for it; it needs no snapshot. */
    RESUMED,
    /** It needs a snapshot, which may be newer than {@link Entrance#seq}. */
    FRESH,
    FULL
  }

  /**
   * The result of entering.
   *
   * @param seq the number of the newest event the watcher knows once welcomed
   */
  record Entrance(Entry entry, long seq) {}

  /**
   * Numbers begin with the second in which watching began, times a million: so they are larger than
   * all that an earlier run of the node may have given, and a number from there is never taken for
   * one of ours. Below 2^53 until the year 2242, which JavaScript needs.
   */
  WatchedConference(Instant now, long nowNs) {
    seq = now.getEpochSecond() << SEQUENCES_PER_SECOND_BITS;
    quietSinceNs = nowNs;
    speakersSentNs = nowNs - EventLimits.SPEAKERS_NS;
  }

  /** Takes a watcher in: from now on it gets every event. It is pumped after its welcome. */
  Entrance enter(Watcher watcher, long resumeSeq) {
    lock.lock();
    try {
      if (watchers.size() >= EventLimits.WATCHERS_PER_CONFERENCE_MAX) {
        return new Entrance(Entry.FULL, seq);
      }
      boolean isResumed = remembers(resumeSeq);
      if (isResumed) {
        for (Logged event : log) {
          if (event.seq() > resumeSeq) {
            watcher.add(event.text());
          }
        }
        if (hasEnded) {
          watcher.end();
        }
      }
      watchers.add(watcher);
      return isResumed ? new Entrance(Entry.RESUMED, resumeSeq) : new Entrance(Entry.FRESH, seq);
    } finally {
      lock.unlock();
    }
  }

  void leave(Watcher watcher, long nowNs) {
    lock.lock();
    try {
      if (watchers.remove(watcher) && watchers.isEmpty()) {
        quietSinceNs = nowNs;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Numbers a state event, remembers it, and sends it to everyone. */
  void publish(ConferenceEvent event, Instant at, long nowNs) {
    List<Watcher> present;
    lock.lock();
    try {
      if (hasEnded) {
        return;
      }
      seq++;
      String text = EventJson.event(seq, at, event);
      if (log.size() >= EventLimits.LOG_MAX) {
        log.removeFirst();
      }
      log.addLast(new Logged(seq, text));
      hasEnded = event instanceof ConferenceEvent.ConferenceEnded;
      present = List.copyOf(watchers);
      for (Watcher watcher : present) {
        watcher.add(text);
        if (hasEnded) {
          watcher.end();
        }
      }
    } finally {
      lock.unlock();
    }
    // Outside the lock: a frame that is taken at once calls back.
    for (Watcher watcher : present) {
      watcher.pump(nowNs);
    }
  }

  /**
   * Sends the speakers, unless others were sent a moment ago: then they wait.
   *
   * @return how long to wait before calling {@link #flushSpeakers}, or 0 if there is no need
   */
  long speakers(ConferenceEvent.SpeakersChanged newest, long nowNs) {
    boolean wasWaiting;
    lock.lock();
    try {
      long sinceNs = nowNs - speakersSentNs;
      wasWaiting = speakersWaiting != null;
      speakersWaiting = newest;
      if (sinceNs < EventLimits.SPEAKERS_NS) {
        return wasWaiting ? 0 : EventLimits.SPEAKERS_NS - sinceNs;
      }
    } finally {
      lock.unlock();
    }
    flushSpeakers(nowNs);
    return 0;
  }

  void flushSpeakers(long nowNs) {
    ConferenceEvent.SpeakersChanged newest;
    List<Watcher> present;
    lock.lock();
    try {
      newest = speakersWaiting;
      speakersWaiting = null;
      if (newest == null || hasEnded) {
        return;
      }
      speakersSentNs = nowNs;
      present = List.copyOf(watchers);
    } finally {
      lock.unlock();
    }
    String text = EventJson.speakers(newest);
    for (Watcher watcher : present) {
      watcher.speakers(text, nowNs);
    }
  }

  List<Watcher> watchers() {
    lock.lock();
    try {
      return List.copyOf(watchers);
    } finally {
      lock.unlock();
    }
  }

  /** True if nobody has watched for so long that nobody will resume. */
  boolean isForgotten(long nowNs) {
    lock.lock();
    try {
      return watchers.isEmpty() && nowNs - quietSinceNs > EventLimits.LINGER_NS;
    } finally {
      lock.unlock();
    }
  }

  /** True if every event after the number can be sent again. Under the lock, or in a test. */
  boolean remembers(long resumeSeq) {
    if (resumeSeq < 0 || resumeSeq > seq || seq - resumeSeq > EventLimits.REPLAY_MAX) {
      return false;
    }
    Logged oldest = log.peekFirst();
    long oldestKnown = oldest == null ? seq : oldest.seq() - 1;
    return resumeSeq >= oldestKnown;
  }
}
