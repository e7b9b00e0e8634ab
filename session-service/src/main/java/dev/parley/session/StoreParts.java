package dev.parley.session;

import dev.parley.common.config.Settings;
import dev.parley.common.metrics.Metrics;
import dev.parley.session.capacity.Capacity;
import dev.parley.session.store.BoundedItemStore;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.ItemStores;
import dev.parley.session.store.MeasuredItemStore;
import dev.parley.session.store.RememberedItemStore;
import dev.parley.session.store.StoreMemory;
import dev.parley.session.store.StoreMetrics;
import dev.parley.session.store.Table;
import dev.parley.session.store.dynamo.DynamoStore;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.io.IOException;
import java.time.Duration;

/**
 * The store of the node's facts, as the settings name it, and what stands before each of its
 * tables: how long it takes is measured, and no more is asked of it at once than it answers.
 */
final class StoreParts {
  private final Settings settings;
  private final Metrics metrics;
  private final Capacity capacity;
  private final StoreMemory memory;
  private final StoreMetrics storeMetrics;

  /**
   * Takes what it needs.
   *
   * @param memory what was seen of tables that are to be remembered
   */
  StoreParts(Settings settings, Metrics metrics, Capacity capacity, StoreMemory memory) {
    this.settings = settings;
    this.metrics = metrics;
    this.capacity = capacity;
    this.memory = memory;
    this.storeMetrics = new StoreMetrics(metrics, System::nanoTime);
  }

  /**
   * Opens it. The caller closes it.
   *
   * @param folder where an embedded one has its file
   */
  ItemStores open(PrivateFolder folder) throws IOException {
    return switch (settings.value(SessionSettings.STORE)) {
      case EMBEDDED -> EmbeddedStore.open(folder.file(PrivateFolder.FACTS));
      case MEMORY -> EmbeddedStore.inMemory();
      case DYNAMODB -> openDynamo();
    };
  }

  /** Returns a table. */
  ItemStore table(ItemStores stores, Table table) {
    return new BoundedItemStore(
        new MeasuredItemStore(stores.table(table), storeMetrics), capacity, System::nanoTime);
  }

  /** Returns a table of which is believed for so long, while it does not answer, what was seen. */
  ItemStore remembered(ItemStores stores, Table table, Duration ageMax) {
    return new RememberedItemStore(table(stores, table), memory, ageMax);
  }

  private DynamoStore openDynamo() {
    DynamoStore store =
        DynamoStore.open(SessionSettings.dynamo(settings), System::nanoTime, capacity::onThrottled);
    metrics.counter("parley.dynamodb.retries", "Attempts made again", store::retryCount);
    metrics.counter(
        "parley.dynamodb.throttled",
        "Attempts that DynamoDB refused because there were too many",
        store::throttledCount);
    metrics.counter(
        "parley.dynamodb.answers.lost",
        "Writes whose answer was lost and that turned out to be stored",
        store::lostAnswerCount);
    metrics.counter(
        "parley.dynamodb.outcomes.unknown",
        "Writes of which nobody knows whether they were carried out",
        store::unknownOutcomeCount);
    return store;
  }
}
