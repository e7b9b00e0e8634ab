package dev.parley.session.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node last saw of the store, for what must go on while that is away. Each item has one
 * place, which it shares with others: the newest is there. Only work that asks for it is answered
 * from here; nothing can be written then. Thread-safe.
 */
public final class StoreMemory {
  /** Longer bodies are not kept; with this the whole takes 64 MiB at most, and mostly a tenth. */
  static final int LENGTH_MAX = 4 << 10;

  static final int PLACES = 1 << 14;

  /** So many operations without an answer, and none with one in between: the store is away. */
  static final int UNANSWERED_MIN = 3;

  /** After this long without any attempt nobody knows, and the store is asked again. */
  static final long KNOWN_AWAY_NS = TimeUnit.SECONDS.toNanos(5);

  private static final ScopedValue<Boolean> RECALLING = ScopedValue.newInstance();

  private final LongSupplier nanoTime;
  private final AtomicReferenceArray<@Nullable Seen> places = new AtomicReferenceArray<>(PLACES);
  private final AtomicInteger tables = new AtomicInteger();
  private final AtomicInteger unanswered = new AtomicInteger();
  private volatile long unansweredAtNs;

  /**
   * Begins with nothing.
   *
   * @param nanoTime monotonic time in nanoseconds
   */
  public StoreMemory(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** One item as it was at some time; null if there was none. */
  private record Seen(int table, ItemKey key, @Nullable Item item, long atNs) {}

  /** Returns true while operations of late have brought no answer. */
  public boolean isAway() {
    return unanswered.get() >= UNANSWERED_MIN
        && nanoTime.getAsLong() - unansweredAtNs < KNOWN_AWAY_NS;
  }

  /** Does some work by what is remembered alone: the store is not asked anything. */
  public <T, X extends Throwable> T recall(ScopedValue.CallableOp<? extends T, X> work) throws X {
    return ScopedValue.where(RECALLING, true).call(work);
  }

  /** Returns the number of one more table that is remembered. */
  int newTable() {
    return tables.incrementAndGet();
  }

  static boolean isRecalling() {
    return RECALLING.isBound();
  }

  void onAnswered() {
    // Read first: nearly always there is nothing to write that other processors would have to see.
    if (unanswered.get() != 0) {
      unanswered.set(0);
    }
  }

  void onUnanswered() {
    unansweredAtNs = nanoTime.getAsLong();
    unanswered.getAndUpdate(before -> Math.min(before + 1, UNANSWERED_MIN));
  }

  void see(int table, ItemKey key, @Nullable Item item) {
    if (item == null || item.body().length() <= LENGTH_MAX) {
      places.set(place(key), new Seen(table, key, item, nanoTime.getAsLong()));
      return;
    }
    forget(table, key);
  }

  /** Takes in what an index showed, which may be behind what was seen by key. */
  void seeIfNewer(int table, Item item) {
    Seen there = places.get(place(item.key()));
    Item before =
        there != null && there.table == table && there.key.equals(item.key()) ? there.item : null;
    if (before == null || before.version() < item.version()) {
      see(table, item.key(), item);
    }
  }

  void forget(int table, ItemKey key) {
    int place = place(key);
    Seen there = places.get(place);
    if (there != null && there.table == table && there.key.equals(key)) {
      places.compareAndSet(place, there, null);
    }
  }

  /**
   * Returns the item as it was seen last, or null if there was none then.
   *
   * @throws StoreUnavailableException if it was not seen, or longer ago than that
   */
  @Nullable Item recalled(int table, ItemKey key, long ageMaxNs) {
    Seen there = places.get(place(key));
    if (there == null
        || there.table != table
        || !there.key.equals(key)
        || nanoTime.getAsLong() - there.atNs > ageMaxNs) {
      throw new StoreUnavailableException("the store is away, and this node does not know", null);
    }
    return there.item;
  }

  private static int place(ItemKey key) {
    int hash = key.hashCode();
    return (hash ^ hash >>> 16) & PLACES - 1;
  }
}
