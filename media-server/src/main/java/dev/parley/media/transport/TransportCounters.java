package dev.parley.media.transport;

import java.util.concurrent.atomic.AtomicLongArray;

/** One event loop's counters: written by the loop alone, read by any thread. */
public final class TransportCounters {
  private static final TransportCounter[] COUNTERS = TransportCounter.values();

  private final AtomicLongArray values = new AtomicLongArray(COUNTERS.length);

  /** The value as last written. */
  public long get(TransportCounter counter) {
    return values.get(index(counter));
  }

  void increment(TransportCounter counter) {
    add(counter, 1);
  }

  /** A plain read and an ordered write: there is one writer. */
  void add(TransportCounter counter, long amount) {
    int index = index(counter);
    values.lazySet(index, values.getPlain(index) + amount);
  }

  @SuppressWarnings("EnumOrdinal") // The place in memory of this run only.
  private static int index(TransportCounter counter) {
    return counter.ordinal();
  }
}
