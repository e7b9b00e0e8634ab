package dev.parley.session.event;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** One count for each {@link EventCounter}. Any thread. */
public final class EventCounters {
  private final Map<EventCounter, LongAdder> counts = new EnumMap<>(EventCounter.class);

  EventCounters() {
    for (EventCounter counter : EventCounter.values()) {
      counts.put(counter, new LongAdder());
    }
  }

  public long value(EventCounter counter) {
    return requireNonNull(counts.get(counter)).sum();
  }

  void increment(EventCounter counter) {
    requireNonNull(counts.get(counter)).increment();
  }
}
