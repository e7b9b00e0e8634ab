package dev.parley.session.event;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One client's socket and what waits for it. At most one frame is on its way; state events wait in
 * order up to a bound and then end the socket, never a gap; of speakers only the newest waits. Any
 * thread; a lock guards the queue.
 */
final class Watcher {
  private final ClientSocket socket;
  private final EventCounters counters;
  private final long openedNs;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<String> waiting = new ArrayDeque<>();
  private @Nullable String speakers;
  private long waitingLength;
  private boolean isHeld = true;
  private boolean wantsPing;
  private boolean wantsPong;
  private boolean isSending;
  private boolean isClosed;
  private boolean endsWhenSent;
  private long sendingSinceNs;
  private long sentNs;
  private volatile boolean saidHello;

  Watcher(ClientSocket socket, EventCounters counters, long nowNs) {
    this.socket = socket;
    this.counters = counters;
    this.openedNs = nowNs;
    this.sentNs = nowNs;
  }

  /** Returns true the first time: the hello is to be answered. */
  boolean hello() {
    boolean isFirst = !saidHello;
    saidHello = true;
    return isFirst;
  }

  /** Puts an event at the end. Nothing is sent before {@link #pump}. */
  void add(String event) {
    boolean isTooSlow;
    lock.lock();
    try {
      if (isClosed || endsWhenSent) {
        return;
      }
      waiting.addLast(event);
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

  /** Sends the welcome before everything that has been waiting for it. */
  void welcome(String welcome, long nowNs) {
    lock.lock();
    try {
      waiting.addFirst(welcome);
      waitingLength += welcome.length();
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
      speakers = null;
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
    String event = waiting.pollFirst();
    if (event != null) {
      waitingLength -= event.length();
      return event;
    }
    if (speakers != null) {
      String newest = speakers;
      speakers = null;
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
