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
import java.util.stream.Stream;
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
    this(metrics, nanoTime, "parley.store");
  }

  private StoreMetrics(Metrics metrics, LongSupplier nanoTime, String name, String... tags) {
    this.nanoTime = nanoTime;
    for (StoreOperation operation : StoreOperation.values()) {
      String[] all =
          Stream.concat(Stream.of(TAG, operation.tag()), Stream.of(tags)).toArray(String[]::new);
      times.put(
          operation,
          metrics.timer(name + ".time", "Operations of the store, failed ones too", LONGEST, all));
      LongAdder failed = new LongAdder();
      unavailable.put(operation, failed);
      metrics.counter(
          name + ".unavailable", "Operations that the store did not answer", failed::sum, all);
      LongAdder refused = new LongAdder();
      conflicts.put(operation, refused);
      metrics.counter(name + ".conflicts", "Writes that found another version", refused::sum, all);
    }
  }

  /** Registers that of another region's library. */
  public static StoreMetrics ofLibrary(Metrics metrics, LongSupplier nanoTime, String region) {
    return new StoreMetrics(metrics, nanoTime, "parley.library.store", "region", region);
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
