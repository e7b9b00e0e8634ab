package dev.parley.session.coordination.redis;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** One count for each {@link RedisCounter}. Any thread. */
public final class RedisCounters {
  private final Map<RedisCounter, LongAdder> counts = new EnumMap<>(RedisCounter.class);

  RedisCounters() {
    for (RedisCounter counter : RedisCounter.values()) {
      counts.put(counter, new LongAdder());
    }
  }

  public long value(RedisCounter counter) {
    return requireNonNull(counts.get(counter)).sum();
  }

  void increment(RedisCounter counter) {
    requireNonNull(counts.get(counter)).increment();
  }
}
