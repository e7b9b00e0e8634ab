package dev.parley.common.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * All counters and gauges of a process. Thread-safe. Hot paths know nothing of it: they write their
 * own {@link SingleWriterCounter}, or a plain field with a reader method, and whoever wires the
 * process registers that reader here; it is asked only when Prometheus asks.
 */
public final class Metrics implements AutoCloseable {
  /** The content type of {@link #scrape}. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

  /** Micrometer holds readers weakly; this keeps them alive. */
  private final Queue<Object> readers = new ConcurrentLinkedQueue<>();

  /**
   * Registers what never goes down.
   *
   * @param name dotted, such as {@code parley.srtp.replayed}; Prometheus sees {@code
   *     parley_srtp_replayed_total}
   * @param tags names and values by turns
   */
  public void counter(String name, String description, LongSupplier reader, String... tags) {
    readers.add(reader);
    FunctionCounter.builder(name, reader, r -> r.getAsLong())
        .description(description)
        .tags(Tags.of(tags))
        .register(registry);
  }

  /** Registers a value that goes up and down. */
  public void gauge(String name, String description, DoubleSupplier reader, String... tags) {
    readers.add(reader);
    Gauge.builder(name, reader, r -> r.getAsDouble())
        .description(description)
        .tags(Tags.of(tags))
        .strongReference(true)
        .register(registry);
  }

  /** Registers a constant 1 whose tags say what is in use, such as the codec's name. */
  public void fact(String name, String description, String... tags) {
    gauge(name, description, () -> 1, tags);
  }

  /** A timer of control-plane work with a histogram; allocates, so not for a packet's path. */
  public Timer timer(String name, String description, Duration longest, String... tags) {
    return Timer.builder(name)
        .description(description)
        .tags(Tags.of(tags))
        .publishPercentileHistogram()
        .maximumExpectedValue(longest)
        .register(registry);
  }

  /**
   * A histogram of what the control plane measures; allocates, so not for a packet's path.
   *
   * @param steps upper bounds of its buckets, rising
   */
  public DistributionSummary distribution(
      String name, String description, double[] steps, String... tags) {
    return DistributionSummary.builder(name)
        .description(description)
        .tags(Tags.of(tags))
        .serviceLevelObjectives(steps)
        .register(registry);
  }

  /** Adds memory, garbage collection, thread and processor figures of this JVM. */
  public Metrics withJvm() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
    return this;
  }

  /** Everything, in Prometheus' text format 0.0.4. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    garbageCollection.close();
    registry.close();
  }
}
