package dev.parley.session.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Appends to the log. Entries that come while one link is being written go into the next one
 * together, so that a write serves many. Whoever records waits until its entry is kept, and there
 * are no more who wait than requests in hand. Thread-safe; blocks.
 */
public final class AuditLog {
  private static final int ENTRIES_PER_LINK_MAX = 100;
  private static final int ATTEMPTS_MAX = 100;
  private static final int REMOVED_AT_ONCE_MAX = 100;
  private static final Duration EXPIRY_INTERVAL = Duration.ofHours(1);

  /** A log that nobody has looked after for longer than this keeps what is older. */
  private static final int EXPIRY_DAYS_BACK = 31;

  private final AuditStore store;
  private final Clock clock;
  private final int shard;
  private final Duration keep;
  private final ConcurrentLinkedQueue<Waiting> waiting = new ConcurrentLinkedQueue<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition written = lock.newCondition();
  private final LongAdder recorded = new LongAdder();

  /** True while somebody writes a link, without the lock; guarded by it. */
  private boolean isWriting;

  /** The newest link that is known; of whoever writes. */
  private @Nullable AuditLink head;

  private volatile Instant expireAt = Instant.MIN;

  /**
   * Takes what it needs.
   *
   * @param node names this node
   * @param keep how long entries are kept, in whole days
   */
  public AuditLog(AuditStore store, Clock clock, String node, Duration keep) {
    this.store = store;
    this.clock = clock;
    this.shard = AuditChain.shardOf(node);
    this.keep = keep;
  }

  /** An entry of one who waits; its state is guarded by the lock. */
  private static final class Waiting {
    private final AuditEntry entry;
    private boolean isOver;
    private boolean isKept;

    Waiting(AuditEntry entry) {
      this.entry = entry;
    }
  }

  /** Returns the time for an entry of now. */
  public Instant now() {
    return clock.instant();
  }

  /**
   * Records an entry; returns false if nobody knows that it is kept: it may be there all the same.
   * To whoever happened to write it the store may say so by an exception of its own.
   */
  public boolean record(AuditEntry entry) {
    Waiting mine = new Waiting(entry);
    waiting.add(mine);
    lock.lock();
    try {
      while (!mine.isOver) {
        // Nobody holds the lock while writing: whose entry is kept must not wait for the next link.
        if (isWriting) {
          written.awaitUninterruptibly();
        } else {
          writeNext();
        }
      }
      return mine.isKept;
    } finally {
      lock.unlock();
    }
  }

  /** Returns links of a chain that come after that number, in order. */
  public List<AuditLink> links(AuditChain chain, long after, int limit) {
    return store.links(chain, after, limit);
  }

  /** How many entries were kept. */
  public long recordedCount() {
    return recorded.sum();
  }

  /** Forgets what has been kept long enough; returns how many links that were. */
  public int expire() {
    Instant now = clock.instant();
    if (now.isBefore(expireAt)) {
      return 0;
    }
    int removed = 0;
    LocalDate first = day(now).minusDays(keep.toDays());
    for (int back = 1; back <= EXPIRY_DAYS_BACK; back++) {
      for (int each = 0; each < AuditChain.SHARD_COUNT; each++) {
        removed += store.remove(new AuditChain(first.minusDays(back), each), REMOVED_AT_ONCE_MAX);
      }
    }
    // What is left over is taken next time.
    expireAt = removed > 0 ? now : now.plus(EXPIRY_INTERVAL);
    return removed;
  }

  /** Holds the lock, and gives it up while it writes. */
  private void writeNext() {
    List<Waiting> batch = new ArrayList<>();
    for (Waiting next = waiting.peek();
        next != null && batch.size() < ENTRIES_PER_LINK_MAX;
        next = waiting.peek()) {
      batch.add(next);
      waiting.remove();
    }
    isWriting = true;
    lock.unlock();
    boolean isKept = false;
    try {
      isKept = append(batch.stream().map(each -> each.entry).toList());
    } finally {
      if (isKept) {
        recorded.add(batch.size());
      } else {
        // Nobody knows what became of the write; the store does.
        head = null;
      }
      lock.lock();
      isWriting = false;
      for (Waiting each : batch) {
        each.isOver = true;
        each.isKept = isKept;
      }
      written.signalAll();
    }
  }

  private boolean append(List<AuditEntry> entries) {
    AuditChain chain = new AuditChain(day(clock.instant()), shard);
    AuditLink last = head != null && head.chain().equals(chain) ? head : store.last(chain);
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      AuditLink link = last == null ? AuditLink.first(chain, entries) : last.next(entries);
      AuditStore.Appended appended = store.append(link);
      if (appended.isKept()) {
        head = link;
        return true;
      }
      // Another node was faster, and would be each time if this one had to read first: its next
      // link comes at once. If it is further on than one link, only reading tells.
      AuditLink taken = appended.taken();
      last = taken == null || attempt % 2 == 1 ? store.last(chain) : taken;
    }
    return false;
  }

  private static LocalDate day(Instant at) {
    return at.atZone(ZoneOffset.UTC).toLocalDate();
  }

  /** Returns the day whose chains entries of now go to. */
  public LocalDate today() {
    return day(clock.instant());
  }
}
