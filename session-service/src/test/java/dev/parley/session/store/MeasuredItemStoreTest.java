package dev.parley.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.common.metrics.Metrics;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MeasuredItemStoreTest {
  private static final long STEP_NS = 2_000_000;
  private static final ItemKey KEY = new ItemKey("p", "a");

  private final AtomicLong nowNs = new AtomicLong();
  private final Metrics metrics = new Metrics();
  private final EmbeddedStore file = EmbeddedStore.inMemory();
  private final ItemStore store =
      new MeasuredItemStore(
          file.table("core", Set.of("due")),
          new StoreMetrics(metrics, () -> nowNs.addAndGet(STEP_NS)));

  @AfterEach
  void close() {
    file.close();
    metrics.close();
  }

  @Test
  void everyOperationIsTimedUnderItsName() {
    store.create(item(1));
    store.replace(item(2));
    store.get(KEY);
    store.query(ItemRange.all("p", 1));
    store.queryIndex("due", ItemRange.all("p", 1));
    store.scan(1, null);
    store.delete(KEY, 2);

    for (StoreOperation operation : StoreOperation.values()) {
      String tag = "{operation=\"" + operation.tag() + "\"}";
      assertThat(metrics.scrape())
          .contains("parley_store_time_seconds_count" + tag + " 1")
          .contains("parley_store_time_seconds_sum" + tag + " 0.002")
          .contains("parley_store_conflicts_total" + tag + " 0.0")
          .contains("parley_store_unavailable_total" + tag + " 0.0");
    }
  }

  @Test
  void conflictsAndFailuresAreCounted() {
    store.create(item(1));
    store.create(item(1));
    store.replace(item(7));
    file.close();
    assertThatThrownBy(() -> store.get(KEY)).isInstanceOf(StoreUnavailableException.class);

    assertThat(metrics.scrape())
        .contains("parley_store_conflicts_total{operation=\"create\"} 1.0")
        .contains("parley_store_conflicts_total{operation=\"replace\"} 1.0")
        .contains("parley_store_unavailable_total{operation=\"get\"} 1.0")
        .contains("parley_store_time_seconds_count{operation=\"get\"} 1");
  }

  private static Item item(long version) {
    return new Item(KEY, version, Map.of(), "{}");
  }
}
