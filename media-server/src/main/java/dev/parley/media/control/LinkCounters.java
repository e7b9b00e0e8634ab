package dev.parley.media.control;

import static java.util.Objects.requireNonNull;

import dev.parley.common.metrics.SingleWriterCounter;
import java.util.EnumMap;
import java.util.Map;

/** One count for each {@link LinkCounter}. Written by the link's thread, read by any. */
public final class LinkCounters {
  private final Map<LinkCounter, SingleWriterCounter> counts = new EnumMap<>(LinkCounter.class);

  LinkCounters() {
    for (LinkCounter counter : LinkCounter.values()) {
      counts.put(counter, new SingleWriterCounter());
    }
  }

  public long value(LinkCounter counter) {
    return count(counter).value();
  }

  void increment(LinkCounter counter) {
    count(counter).increment();
  }

  void add(LinkCounter counter, long count) {
    count(counter).add(count);
  }

  private SingleWriterCounter count(LinkCounter counter) {
    return requireNonNull(counts.get(counter));
  }
}
