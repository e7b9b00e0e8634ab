package dev.parley.session.event;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.Roster;
import dev.parley.session.conference.Rosters;
import dev.parley.session.conference.Sight;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A conference that somebody on this node watches: follows its log and hands each event to every
 * watcher in order. Any thread; a lock guards position and watchers.
 */
final class WatchedConference implements EventLog.Follower {
  private static final long UNKNOWN = -1;

  private final ConferenceId id;
  private final Rosters rosters;
  private final LongSupplier nanoClock;
  private final Later later;
  private final AtomicBoolean isFollowing = new AtomicBoolean();
  private final CompletableFuture<Void> placed = new CompletableFuture<>();
  private final AtomicInteger gapsUnread = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Watcher> watchers = new LinkedHashSet<>();
  private long position = UNKNOWN;
  private boolean hasGap;
  private boolean hasEnded;
  private long quietSinceNs;
  private @Nullable String speakersWaiting;
  private long speakersSentNs;
  private volatile EventLog.@Nullable Following following;
  private volatile @Nullable Roster told;

  /** What a conference has done for it soon, on another thread. */
  interface Later {
    /** The watchers may have missed something. */
    void readGap(WatchedConference conference);

    /** What happened to its participant may let the watcher see more, or less. */
    void look(WatchedConference conference, Watcher watcher);

    /** Calls {@link #flushSpeakers}. */
    void flushSpeakers(WatchedConference conference, long waitNs);
  }

  /**
   * A watcher that waits for its welcome.
   *
   * @param seq the newest event that is not brought to the watcher
   */
  record Waiting(Watcher watcher, int hold, long seq) {}

  WatchedConference(ConferenceId id, Rosters rosters, LongSupplier nanoClock, Later later) {
    this.id = id;
    this.rosters = rosters;
    this.nanoClock = nanoClock;
    this.later = later;
    quietSinceNs = nanoClock.getAsLong();
    speakersSentNs = quietSinceNs - EventLimits.SPEAKERS_NS;
  }

  ConferenceId id() {
    return id;
  }

  Rosters rosters() {
    return rosters;
  }

  /** Follows the log, if that has not begun; done when it is known where the log stands. */
  CompletableFuture<Void> follow(EventLog log) {
    if (isFollowing.compareAndSet(false, true)) {
      following = log.follow(id, this);
    }
    return placed;
  }

  void unfollow() {
    EventLog.Following begun = following;
    if (begun != null) {
      begun.close();
    }
  }

  /** Takes a watcher in, unless there are too many: every event waits for its welcome. */
  boolean enter(Watcher watcher) {
    lock.lock();
    try {
      return watchers.size() < EventLimits.WATCHERS_PER_CONFERENCE_MAX && watchers.add(watcher);
    } finally {
      lock.unlock();
    }
  }

  /** Has a welcome begin here and now; null if there was one already, because of a gap. */
  @Nullable Waiting place(Watcher watcher) {
    lock.lock();
    try {
      return watcher.holdOn(position);
    } finally {
      lock.unlock();
    }
  }

  /** Has a watcher wait for a welcome from here on; null if one was under way. */
  @Nullable Waiting hold(Watcher watcher) {
    lock.lock();
    try {
      watcher.hold(position);
      return watcher.waiting();
    } finally {
      lock.unlock();
    }
  }

  void leave(Watcher watcher) {
    lock.lock();
    try {
      if (watchers.remove(watcher) && watchers.isEmpty()) {
        quietSinceNs = nanoClock.getAsLong();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onEvent(EventLog.Entry entry) {
    String text = EventJson.numbered(entry.seq(), entry.event());
    Audience audience = Audience.of(entry.event());
    List<Watcher> present;
    lock.lock();
    try {
      position = entry.seq();
      if (hasEnded) {
        return;
      }
      hasEnded = entry.isLast();
      present = List.copyOf(watchers);
      for (Watcher watcher : present) {
        if (watcher.isOf(audience)) {
          watcher.add(entry.seq(), text);
        }
        if (hasEnded) {
          watcher.end();
        }
      }
    } finally {
      lock.unlock();
    }
    // Outside the lock: a frame that is taken at once calls back.
    long nowNs = nanoClock.getAsLong();
    for (Watcher watcher : present) {
      watcher.pump(nowNs);
      if (watcher.isChangedBy(audience)) {
        later.look(this, watcher);
      }
    }
  }

  @Override
  public void onGap(long seq) {
    boolean isToBeRead;
    lock.lock();
    try {
      boolean isFirst = position == UNKNOWN;
      if (position != seq) {
        position = seq;
        hasGap = !isFirst;
        // What comes now waits for the snapshot that bridges the gap.
        watchers.forEach(watcher -> watcher.hold(seq));
      }
      isToBeRead = !isFirst && !watchers.isEmpty() && !hasEnded;
    } finally {
      lock.unlock();
    }
    placed.complete(null);
    if (isToBeRead && gapsUnread.getAndIncrement() == 0) {
      later.readGap(this);
    }
  }

  /** How many gaps nobody has dealt with; one thread at a time deals with them. */
  int gapsUnread() {
    return gapsUnread.get();
  }

  /** Returns true if there are no other gaps than these. */
  boolean areGapsRead(int read) {
    return gapsUnread.compareAndSet(read, 0);
  }

  /** Returns true once if events were left out; false if it is only possible. */
  boolean takeGap() {
    lock.lock();
    try {
      boolean had = hasGap;
      hasGap = false;
      return had;
    } finally {
      lock.unlock();
    }
  }

  /** The roster that all watchers were last given, because of a gap. */
  @Nullable Roster told() {
    return told;
  }

  void told(@Nullable Roster roster) {
    told = roster;
  }

  /** Has every watcher wait for a welcome. */
  void holdAll() {
    lock.lock();
    try {
      watchers.forEach(watcher -> watcher.hold(position));
    } finally {
      lock.unlock();
    }
  }

  /** Returns those who wait for a welcome. */
  List<Waiting> waiting() {
    lock.lock();
    try {
      List<Waiting> waiting = new ArrayList<>();
      for (Watcher watcher : watchers) {
        Waiting held = watcher.waiting();
        if (held != null) {
          waiting.add(held);
        }
      }
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  /** Sends the speakers, unless others were sent a moment ago: then they wait; and call figures. */
  @Override
  public void onBroadcast(String text) {
    if (EventJson.isQuality(text)) {
      long nowNs = nanoClock.getAsLong();
      watchers().forEach(watcher -> watcher.quality(text, nowNs));
    } else {
      onSpeakers(text);
    }
  }

  private void onSpeakers(String text) {
    long nowNs = nanoClock.getAsLong();
    long waitNs;
    boolean wasWaiting;
    lock.lock();
    try {
      wasWaiting = speakersWaiting != null;
      speakersWaiting = text;
      waitNs = EventLimits.SPEAKERS_NS - (nowNs - speakersSentNs);
    } finally {
      lock.unlock();
    }
    if (waitNs <= 0) {
      flushSpeakers();
    } else if (!wasWaiting) {
      later.flushSpeakers(this, waitNs);
    }
  }

  void flushSpeakers() {
    long nowNs = nanoClock.getAsLong();
    String newest;
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
    for (Watcher watcher : present) {
      if (watcher.sight() != Sight.WAITING) {
        watcher.speakers(newest, nowNs);
      }
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
}
