package dev.parley.session;

import dev.parley.common.config.Settings;
import dev.parley.common.metrics.Metrics;
import dev.parley.session.capacity.Capacity;
import dev.parley.session.conference.MetadataRegions;
import dev.parley.session.store.BoundedItemStore;
import dev.parley.session.store.DeferredItemStore;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.ItemStores;
import dev.parley.session.store.MeasuredItemStore;
import dev.parley.session.store.RememberedItemStore;
import dev.parley.session.store.StoreMemory;
import dev.parley.session.store.StoreMetrics;
import dev.parley.session.store.Table;
import dev.parley.session.store.dynamo.DynamoStore;
import dev.parley.session.store.embedded.EmbeddedStore;
import dev.parley.session.store.regional.Libraries;
import dev.parley.session.store.regional.LibraryKeys;
import dev.parley.session.store.regional.SealedItemStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

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
  private final List<ItemStores> opened = new ArrayList<>();
  private SortedMap<String, ItemStore> others = new TreeMap<>();
  private LibraryKeys keys = new LibraryKeys(null, others, System::nanoTime);

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
   * Opens it, and the libraries of other regions. Once, before anything else.
   *
   * @param folder where an embedded one has its own
   * @param closing takes what is to be closed
   */
  ItemStores open(PrivateFolder folder, UnaryOperator<ItemStores> closing) throws IOException {
    others = others(folder, closing);
    keys = new LibraryKeys(own(), others, System::nanoTime);
    ItemStores stores = closing.apply(open(folder));
    opened.add(stores);
    return stores;
  }

  /** Does what stores need once a day. */
  int tidy() {
    return opened.stream().mapToInt(ItemStores::tidy).sum();
  }

  private ItemStores open(PrivateFolder folder) throws IOException {
    return switch (settings.value(SessionSettings.STORE)) {
      case EMBEDDED -> EmbeddedStore.open(folder.folder(PrivateFolder.FACTS));
      case MEMORY -> EmbeddedStore.inMemory();
      case DYNAMODB -> openDynamo();
    };
  }

  /** Returns a table. */
  private ItemStore table(ItemStores stores, Table table) {
    return new BoundedItemStore(
        new MeasuredItemStore(stores.table(table), storeMetrics), capacity, System::nanoTime);
  }

  /**
   * Returns a table of which is believed for so long, while it does not answer, what was seen; of
   * calls whose names belong to another region it shows nothing to who has not that region's key.
   */
  ItemStore remembered(ItemStores stores, Table table, Duration ageMax) {
    return new RememberedItemStore(new SealedItemStore(table(stores, table), keys), memory, ageMax);
  }

  /** Returns the regions besides the primary that have libraries. */
  List<LibraryPlace> places() {
    return LibraryPlace.all(
        settings.value(SessionSettings.LIBRARIES),
        settings.value(SessionSettings.LIBRARY_REGION),
        settings.value(SessionSettings.STORE) == SessionSettings.StoreChoice.DYNAMODB);
  }

  /** Returns the regions that residency policies may name for metadata. */
  SortedSet<String> metadataRegions() {
    return LibraryPlace.names(places(), settings.value(SessionSettings.LIBRARY_REGION));
  }

  /** Returns the tables of what is left of conferences, in all regions. */
  Libraries<ItemStore> libraries(ItemStores stores, MetadataRegions regions) {
    return new Libraries<>(table(stores, Table.LIBRARY), own(), others, regions);
  }

  private @Nullable String own() {
    return settings.value(SessionSettings.LIBRARY_REGION).orElse(null);
  }

  /**
   * Opens the tables of what is left of conferences in other regions. They have room of their own:
   * one that is slow, or away, takes none of ours.
   */
  private SortedMap<String, ItemStore> others(
      PrivateFolder folder, UnaryOperator<ItemStores> closing) throws IOException {
    SortedMap<String, ItemStore> all = new TreeMap<>();
    for (LibraryPlace place : places()) {
      Capacity room = new Capacity(BoundedItemStore.KINDS, System::nanoTime);
      ItemStores there = closing.apply(open(place, folder, room));
      opened.add(there);
      StoreMetrics measure = StoreMetrics.ofLibrary(metrics, System::nanoTime, place.region());
      ItemStore table = new DeferredItemStore(() -> there.table(Table.LIBRARY));
      all.put(
          place.region(),
          new BoundedItemStore(new MeasuredItemStore(table, measure), room, System::nanoTime));
    }
    return all;
  }

  private ItemStores open(LibraryPlace place, PrivateFolder folder, Capacity room)
      throws IOException {
    return switch (settings.value(SessionSettings.STORE)) {
      case EMBEDDED -> EmbeddedStore.open(folder.folder(place.folder()));
      case MEMORY -> EmbeddedStore.inMemory();
      case DYNAMODB ->
          DynamoStore.open(
              SessionSettings.dynamo(settings, place), System::nanoTime, room::onThrottled);
    };
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
