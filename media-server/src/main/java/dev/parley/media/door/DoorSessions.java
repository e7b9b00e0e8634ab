package dev.parley.media.door;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Of each session that was begun at the door, which ICE session it is in: what a client's {@code
 * If-Match} is compared with (RFC 9725 §4.3.3). Thread-safe.
 */
final class DoorSessions {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<DoorPath.Session, IceSession> sessions = new HashMap<>();
  private final Predicate<DoorPath.Session> isHeld;
  private int sweepAt = 64;

  /**
   * The ICE session of now.
   *
   * @param clientFragment the client's user name fragment
   * @param restarts how often ICE was begun anew
   */
  record IceSession(String clientFragment, int restarts) {
    /** Its entity tag. */
    String etag() {
      return "\"" + restarts + "\"";
    }
  }

  /** Asks elsewhere whether a session still is: what is over is forgotten in time. */
  DoorSessions(Predicate<DoorPath.Session> isHeld) {
    this.isHeld = isHeld;
  }

  IceSession begin(DoorPath.Session session, String clientFragment) {
    lock.lock();
    try {
      if (sessions.size() >= sweepAt) {
        sessions.keySet().removeIf(isHeld.negate());
        // Each sweep costs as much as there is, and is paid for by as many that have come since.
        sweepAt = Math.max(64, 2 * sessions.size());
      }
      IceSession first = new IceSession(clientFragment, 0);
      sessions.put(session, first);
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the ICE session of one that was begun here and still is, otherwise null. */
  @Nullable IceSession find(DoorPath.Session session) {
    if (!isHeld.test(session)) {
      forget(session);
      return null;
    }
    lock.lock();
    try {
      return sessions.get(session);
    } finally {
      lock.unlock();
    }
  }

  IceSession restart(DoorPath.Session session, String clientFragment) {
    lock.lock();
    try {
      return sessions.compute(
          session,
          (_, before) ->
              new IceSession(clientFragment, before == null ? 1 : before.restarts() + 1));
    } finally {
      lock.unlock();
    }
  }

  void forget(DoorPath.Session session) {
    lock.lock();
    try {
      sessions.remove(session);
    } finally {
      lock.unlock();
    }
  }

  int count() {
    lock.lock();
    try {
      return sessions.size();
    } finally {
      lock.unlock();
    }
  }
}
