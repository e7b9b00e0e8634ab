package dev.parley.media.door;

import dev.parley.common.token.MediaTicket;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The tickets that were used and are not over yet, so that none is used twice. Only genuine ones
 * come here; if there are too many all the same, no more are taken, for forgetting one would allow
 * its second use. Thread-safe.
 */
final class UsedTickets {
  /** As many as a session tier makes in one and a half minutes at 700 a second. */
  static final int COUNT_MAX = 1 << 16;

  /** What became of a wish to use a ticket. */
  enum Use {
    FIRST,
    AGAIN,
    /** Too many are remembered. */
    REFUSED
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Instant> overAt = new LinkedHashMap<>();
  private final int countMax;

  UsedTickets(int countMax) {
    this.countMax = countMax;
  }

  Use use(MediaTicket ticket, Instant now) {
    lock.lock();
    try {
      forget(now);
      if (overAt.containsKey(ticket.ticketId())) {
        return Use.AGAIN;
      }
      if (overAt.size() >= countMax) {
        return Use.REFUSED;
      }
      overAt.put(ticket.ticketId(), ticket.expiresAt().plus(MediaTicket.LEEWAY));
      return Use.FIRST;
    } finally {
      lock.unlock();
    }
  }

  /** They come nearly in the order of their ends; one that is out of order waits a minute more. */
  private void forget(Instant now) {
    Iterator<Instant> eldest = overAt.values().iterator();
    while (eldest.hasNext() && !now.isBefore(eldest.next())) {
      eldest.remove();
    }
  }
}
