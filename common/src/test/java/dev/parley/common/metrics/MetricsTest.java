package dev.parley.common.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final Metrics metrics = new Metrics();

  @Test
  void hotPathCounterIsReadWhenScraped() {
    SingleWriterCounter replayed = new SingleWriterCounter();
    metrics.counter("parley.srtp.dropped", "Packets dropped.", replayed::value, "reason", "replay");

    replayed.increment();
    replayed.add(2);

    assertThat(metrics.scrape()).contains("parley_srtp_dropped_total{reason=\"replay\"} 3.0");
  }

  @Test
  void readersSurviveGarbageCollection() {
    for (int i = 0; i < 10; i++) {
      long value = i;
      metrics.counter("parley.kept", "Kept.", () -> value, "loop", Integer.toString(i));
    }

    System.gc();

    assertThat(metrics.scrape()).contains("parley_kept_total{loop=\"7\"} 7.0");
  }

  @Test
  void gaugesAndFactsCarryTheirTags() {
    metrics.gauge("parley.ring.fill", "Share.", () -> 0.25, "ring", "0");
    metrics.fact("parley.codec", "Codec in use.", "name", "libopus");

    assertThat(metrics.scrape())
        .contains("parley_ring_fill{ring=\"0\"} 0.25")
        .contains("parley_codec{name=\"libopus\"} 1.0");
  }

  @Test
  void timerGivesBuckets() {
    metrics.timer("parley.join", "Join.", Duration.ofSeconds(5)).record(Duration.ofMillis(3));

    assertThat(metrics.scrape())
        .contains("parley_join_seconds_count 1")
        .contains("parley_join_seconds_bucket");
  }

  @Test
  void jvmFiguresAreThere() {
    try (Metrics withJvm = new Metrics().withJvm()) {
      assertThat(withJvm.scrape()).contains("jvm_memory_used_bytes").contains("process_cpu_usage");
    }
  }
}
