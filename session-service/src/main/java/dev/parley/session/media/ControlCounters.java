package dev.parley.session.media;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** One count for each {@link ControlCounter}. Any thread. */
public final class ControlCounters {
  private final Map<ControlCounter, LongAdder> counts = new EnumMap<>(ControlCounter.class);

  ControlCounters() {
    for (ControlCounter counter : ControlCounter.values()) {
      counts.put(counter, new LongAdder());
    }
  }

  public long value(ControlCounter counter) {
    return requireNonNull(counts.get(counter)).sum();
  }

  void increment(ControlCounter counter) {
    requireNonNull(counts.get(counter)).increment();
  }
}
