package dev.parley.session.store;

import static java.util.Objects.requireNonNull;

import dev.parley.common.metrics.Metrics;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How long each operation of the store takes, and how often it fails. Thread-safe. */
public final class StoreMetrics {
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final String TAG = "operation";

  private final LongSupplier nanoTime;
  private final Map<StoreOperation, Timer> times = new EnumMap<>(StoreOperation.class);
  private final Map<StoreOperation, LongAdder> unavailable = new EnumMap<>(StoreOperation.class);
  private final Map<StoreOperation, LongAdder> conflicts = new EnumMap<>(StoreOperation.class);

  /**
   * Registers all of it.
   *
   * @param nanoTime monotonic time in nanoseconds
   */
  public StoreMetrics(Metrics metrics, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    for (StoreOperation operation : StoreOperation.values()) {
      String tag = operation.tag();
      times.put(
          operation,
          metrics.timer(
              "parley.store.time", "Operations of the store, failed ones too", LONGEST, TAG, tag));
      LongAdder failed = new LongAdder();
      unavailable.put(operation, failed);
      metrics.counter(
          "parley.store.unavailable",
          "Operations that the store did not answer",
          failed::sum,
          TAG,
          tag);
      LongAdder refused = new LongAdder();
      conflicts.put(operation, refused);
      metrics.counter(
          "parley.store.conflicts", "Writes that found another version", refused::sum, TAG, tag);
    }
  }

  <T extends @Nullable Object> T timed(StoreOperation operation, Supplier<T> call) {
    long startNs = nanoTime.getAsLong();
    try {
      return call.get();
    } catch (StoreUnavailableException e) {
      requireNonNull(unavailable.get(operation)).increment();
      throw e;
    } finally {
      long tookNs = nanoTime.getAsLong() - startNs;
      requireNonNull(times.get(operation)).record(tookNs, TimeUnit.NANOSECONDS);
    }
  }

  void conflict(StoreOperation operation) {
    requireNonNull(conflicts.get(operation)).increment();
  }
}
