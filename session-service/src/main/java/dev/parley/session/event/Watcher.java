package dev.parley.session.event;

import dev.parley.common.id.ParticipantId;
import dev.parley.session.conference.MediaWord;
import dev.parley.session.conference.Sight;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's socket and what waits for it. At most one frame is on its way; state events wait in
 * order up to a bound and then end the socket, never a gap; of speakers only the newest waits. Any
 * thread; a lock guards the queue.
 */
final class Watcher {
  private final ClientSocket socket;
  private final EventCounters counters;
  private final Consumer<MediaWord> media;
  private final @Nullable ParticipantId viewer;
  private final long openedNs;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Frame> waiting = new ArrayDeque<>();
  private final ArrayDeque<String> answers = new ArrayDeque<>();
  private @Nullable String place;
  private @Nullable String placeTold;
  private @Nullable String speakers;
  private @Nullable String quality;
  private long waitingLength;
  private boolean isHeld = true;
  private int hold;
  private long heldSeq;
  private boolean wantsPing;
  private boolean wantsPong;
  private boolean isSending;
  private boolean isClosed;
  private boolean endsWhenSent;
  private long sendingSinceNs;
  private long sentNs;
  private volatile boolean saidHello;
  private volatile Sight sight;
  // The follower's own: what its participant was when that was last told.
  private @Nullable String role;
  // The timer's own: when the client was last reported to wait.
  private long lookedNs;
  // The receiving side's own: frames come in one at a time.
  private long mediaSaidNs;

  /** A state event that waits. */
  private record Frame(long seq, String text) {}

  Watcher(ClientSocket socket, EventCounters counters, Viewer viewer, long nowNs) {
    this.socket = socket;
    this.counters = counters;
    this.media = viewer.media();
    this.viewer = viewer.participant();
    this.sight = viewer.sight();
    this.lookedNs = nowNs - EventLimits.LOOK_NS;
    this.mediaSaidNs = nowNs - EventLimits.MEDIA_SAID_NS;
    this.openedNs = nowNs;
    this.sentNs = nowNs;
  }

  /**
   * Whose client it is.
   *
   * @param participant null if it is in no call
   * @param sight what it may see; least, until that is known of the participant
   * @param media hears what the client says of its own media
   */
  record Viewer(@Nullable ParticipantId participant, Sight sight, Consumer<MediaWord> media) {}

  @Nullable ParticipantId viewer() {
    return viewer;
  }

  Sight sight() {
    return sight;
  }

  /** Says what it may see from now on; returns false if that is as it was. */
  boolean sees(Sight now) {
    boolean isOther = sight != now;
    sight = now;
    return isOther;
  }

  /** Returns whether it may see what is for these. */
  boolean isOf(Audience audience) {
    return audience.includes(sight, viewer == null ? null : viewer.value());
  }

  /** Returns whether that event may change what it may see: one walks more often than one leads. */
  boolean isChangedBy(Audience audience) {
    if (!audience.isAbout(viewer == null ? null : viewer.value())) {
      return false;
    }
    boolean isNews =
        sight == Sight.WAITING || (audience.role() != null && !audience.role().equals(role));
    role = audience.role() == null ? role : audience.role();
    return isNews;
  }

  /** Returns true if it waits to be let in, and it is time to say that its client is there. */
  boolean isToBeLookedAfter(long nowNs) {
    boolean isDue = saidHello && sight == Sight.WAITING && nowNs - lookedNs >= EventLimits.LOOK_NS;
    if (isDue) {
      lookedNs = nowNs;
    }
    return isDue;
  }

  /** Replaces the place in the queue that waits, if any. */
  void place(String newest, long nowNs) {
    lock.lock();
    try {
      if (newest.equals(placeTold)) {
        return;
      }
      placeTold = newest;
      place = newest;
    } finally {
      lock.unlock();
    }
    pump(nowNs);
  }

  /** Returns true the first time: the hello is to be answered. */
  boolean hello() {
    boolean isFirst = !saidHello;
    saidHello = true;
    return isFirst;
  }

  /** Passes on what the client says of its own media, unless it has just said so. */
  void onMedia(MediaWord word, long nowNs) {
    if (saidHello && nowNs - mediaSaidNs >= EventLimits.MEDIA_SAID_NS) {
      mediaSaidNs = nowNs;
      media.accept(word);
    }
  }

  /** Puts an event at the end. Nothing is sent before {@link #pump}. */
  void add(long seq, String event) {
    boolean isTooSlow;
    lock.lock();
    try {
      if (isClosed || endsWhenSent || seq <= heldSeq) {
        return;
      }
      waiting.addLast(new Frame(seq, event));
      waitingLength += event.length();
      isTooSlow =
          waiting.size() > EventLimits.WAITING_MAX
              || waitingLength > EventLimits.WAITING_LENGTH_MAX;
    } finally {
      lock.unlock();
    }
    if (isTooSlow) {
      counters.increment(EventCounter.CLOSED_SLOW);
      close(CloseCode.TOO_SLOW, "too slow; resume");
    }
  }

  /** Nothing follows what waits now: the socket is closed when it has been sent. */
  void end() {
    lock.lock();
    try {
      endsWhenSent = true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends nothing until the next welcome, which tells all that waits now.
   *
   * @param seq the newest event that the welcome will tell
   */
  void hold(long seq) {
    lock.lock();
    try {
      if (!endsWhenSent) {
        waiting.clear();
        waitingLength = 0;
        isHeld = true;
        heldSeq = seq;
        hold++;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Holds on from another event, if it has not had its welcome yet. */
  WatchedConference.@Nullable Waiting holdOn(long seq) {
    lock.lock();
    try {
      if (isHeld) {
        hold(seq);
      }
      return waiting();
    } finally {
      lock.unlock();
    }
  }

  /** Returns what it waits for, or null if it has had its welcome. */
  WatchedConference.@Nullable Waiting waiting() {
    lock.lock();
    try {
      return isHeld ? new WatchedConference.Waiting(this, hold, heldSeq) : null;
    } finally {
      lock.unlock();
    }
  }

  /** Sends a welcome with a snapshot before all that waits; an older hold's comes too late. */
  void welcome(int ofHold, String welcome, long nowNs) {
    resume(ofHold, welcome, new EventLog.Replay(true, false, List.of()), -1, nowNs);
  }

  /**
   * Sends a welcome and what was missed before all that waits; an older hold's comes too late.
   *
   * @param knownSeq the newest event that the client knows
   */
  void resume(int ofHold, String welcome, EventLog.Replay missed, long knownSeq, long nowNs) {
    lock.lock();
    try {
      if (!isHeld || ofHold != hold) {
        return;
      }
      List<EventLog.Entry> entries = missed.entries();
      long newest = entries.isEmpty() ? knownSeq : entries.getLast().seq();
      // Some of it may have come the usual way, too.
      waiting.removeIf(frame -> frame.seq() <= newest);
      heldSeq = Math.max(heldSeq, newest);
      for (EventLog.Entry entry : entries.reversed()) {
        if (isOf(Audience.of(entry.event()))) {
          waiting.addFirst(new Frame(entry.seq(), EventJson.numbered(entry.seq(), entry.event())));
        }
      }
      waiting.addFirst(new Frame(0, welcome));
      waitingLength = waiting.stream().mapToLong(frame -> frame.text().length()).sum();
      endsWhenSent |= missed.hasEnded();
      isHeld = false;
    } finally {
      lock.unlock();
    }
    pump(nowNs);
  }

  /** Replaces the speakers that wait, if any. */
  void speakers(String newest, long nowNs) {
    lock.lock();
    try {
      if (speakers != null) {
        counters.increment(EventCounter.SPEAKERS_MERGED);
      }
      speakers = newest;
    } finally {
      lock.unlock();
    }
    pump(nowNs);
  }

  /** Replaces the call figures that wait, if any, by what is for this client. */
  void quality(String frame, long nowNs) {
    String newest =
        switch (sight) {
          case MODERATOR -> frame;
          case PARTICIPANT -> viewer == null ? null : EventJson.qualityOf(viewer, frame);
          case WAITING -> null;
        };
    if (newest == null) {
      return;
    }
    lock.lock();
    try {
      quality = isClosed ? null : newest;
    } finally {
      lock.unlock();
    }
    pump(nowNs);
  }

  /** Sends the answer to a request after the events that wait. */
  void answer(String answer, long nowNs) {
    boolean isTooSlow;
    lock.lock();
    try {
      isTooSlow = answers.size() >= EventLimits.REQUESTS_MAX;
      if (!isClosed && !isTooSlow) {
        answers.addLast(answer);
      }
    } finally {
      lock.unlock();
    }
    if (isTooSlow) {
      counters.increment(EventCounter.CLOSED_SLOW);
      close(CloseCode.TOO_SLOW, "too slow; resume");
    }
    pump(nowNs);
  }

  void pong(long nowNs) {
    lock.lock();
    try {
      wantsPong = true;
    } finally {
      lock.unlock();
    }
    pump(nowNs);
  }

  /** Sends the next frame, if the one before has been taken. */
  void pump(long nowNs) {
    String frame;
    boolean ends;
    lock.lock();
    try {
      if (isSending || isClosed || isHeld) {
        return;
      }
      frame = next();
      ends = frame == null && endsWhenSent;
      if (frame != null) {
        isSending = true;
        sendingSinceNs = nowNs;
        sentNs = nowNs;
      }
    } finally {
      lock.unlock();
    }
    if (frame != null) {
      counters.increment(EventCounter.SENT);
      socket.send(frame);
    } else if (ends) {
      close(CloseCode.NORMAL, "conference ended");
    }
  }

  void onSent(long nowNs) {
    lock.lock();
    try {
      isSending = false;
    } finally {
      lock.unlock();
    }
    pump(nowNs);
  }

  void close(int code, String reason) {
    if (markClosed()) {
      socket.close(code, reason);
    }
  }

  /** The socket is gone, whoever closed it. Returns false if it was known. */
  boolean markClosed() {
    lock.lock();
    try {
      boolean wasOpen = !isClosed;
      isClosed = true;
      waiting.clear();
      answers.clear();
      place = null;
      speakers = null;
      quality = null;
      return wasOpen;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return isClosed;
    } finally {
      lock.unlock();
    }
  }

  /** Looks at the clock: closes what is stuck or never said hello, and keeps the rest awake. */
  void beat(long nowNs) {
    boolean isStuck;
    boolean isQuiet;
    lock.lock();
    try {
      isStuck = isSending && nowNs - sendingSinceNs > EventLimits.SEND_NS;
      isQuiet = !isSending && !isHeld && nowNs - sentNs >= EventLimits.PING_NS;
      wantsPing |= isQuiet;
    } finally {
      lock.unlock();
    }
    if (isStuck) {
      counters.increment(EventCounter.CLOSED_SLOW);
      markClosed();
      socket.abort();
    } else if (!saidHello && nowNs - openedNs > EventLimits.HELLO_NS) {
      counters.increment(EventCounter.CLOSED_MALFORMED);
      close(CloseCode.MALFORMED, "no hello in time");
    } else if (isQuiet) {
      pump(nowNs);
    }
  }

  private @Nullable String next() {
    Frame event = waiting.pollFirst();
    if (event != null) {
      waitingLength -= event.text().length();
      return event.text();
    }
    if (!answers.isEmpty()) {
      return answers.removeFirst();
    }
    if (place != null) {
      String newest = place;
      place = null;
      return newest;
    }
    if (speakers != null) {
      String newest = speakers;
      speakers = null;
      return newest;
    }
    if (quality != null) {
      String newest = quality;
      quality = null;
      return newest;
    }
    if (wantsPong) {
      wantsPong = false;
      return EventJson.PONG;
    }
    if (wantsPing) {
      wantsPing = false;
      return EventJson.PING;
    }
    return null;
  }
}
