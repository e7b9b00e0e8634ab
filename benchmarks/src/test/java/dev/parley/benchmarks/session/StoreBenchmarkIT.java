package dev.parley.benchmarks.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.store.Item;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is compared does the same, or it says nothing. */
@Timeout(120)
final class StoreBenchmarkIT {
  @ParameterizedTest
  @ValueSource(strings = {"embedded-memory", "embedded-file", "dynamodb-local-emulator"})
  void everyStoreDoesTheSameWork(String store) throws Exception {
    StoreBenchmark benchmark = new StoreBenchmark();
    benchmark.store = store;
    try {
      benchmark.open();

      assertThat(benchmark.get()).isNotNull().extracting(Item::version).isEqualTo(1L);
      assertThat(benchmark.query()).hasSize(20);
      assertThat(benchmark.queryIndex()).hasSize(20);
      // Each throws if it was not stored.
      benchmark.createAndDelete();
      benchmark.replace();
      benchmark.replace();
    } finally {
      benchmark.close();
    }
  }
}
