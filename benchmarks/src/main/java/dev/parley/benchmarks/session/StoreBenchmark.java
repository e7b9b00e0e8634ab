package dev.parley.benchmarks.session;

import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemPage;
import dev.parley.session.store.ItemRange;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.ItemStores;
import dev.parley.session.store.WriteResult;
import dev.parley.session.store.dynamo.DynamoSettings;
import dev.parley.session.store.dynamo.DynamoStore;
import dev.parley.session.store.dynamo.DynamoTables;
import dev.parley.session.store.embedded.EmbeddedStore;
import dev.parley.testsupport.DynamoDbLocal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One workload over every item store, one thread: items as large as a conference's, twenty in a
 * partition. The embedded store's file is on this machine's disk, and a write waits until it is
 * there. DynamoDB Local is an emulator: what it takes says nothing of DynamoDB, only that the same
 * work is done.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class StoreBenchmark {
  private static final String INDEX = "due";
  private static final String TABLE = "bench";
  private static final int ITEMS = 2_000;
  private static final int OF_PARTITION = 20;
  private static final String BODY = "{\"state\":\"LIVE\",\"more\":\"" + "x".repeat(800) + "\"}";

  /** Which store. */
  @Param({"embedded-memory", "embedded-file", "dynamodb-local-emulator"})
  public String store;

  private final Deque<AutoCloseable> ends = new ArrayDeque<>();
  private final AtomicLong number = new AtomicLong();
  private final AtomicLong made = new AtomicLong(ITEMS);

  @SuppressWarnings("NullAway.Init") // JMH calls open() first.
  private ItemStore items;

  private long version;

  /** Opens it and fills it. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    items =
        switch (store) {
          case "embedded-memory" -> table(EmbeddedStore.inMemory());
          case "embedded-file" -> table(file());
          case "dynamodb-local-emulator" -> table(dynamo());
          default -> throw new IllegalArgumentException("no store " + store);
        };
    for (int i = 0; i < ITEMS; i++) {
      written(items.create(item(i, 1)));
    }
    version = 1;
  }

  private ItemStore table(ItemStores stores) {
    ends.push(stores);
    return stores.table(TABLE, Set.of(INDEX));
  }

  private ItemStores file() throws IOException {
    Path folder = Files.createTempDirectory("parley-store");
    ends.push(() -> delete(folder));
    return EmbeddedStore.open(folder.resolve("facts.rocksdb"));
  }

  private ItemStores dynamo() throws IOException {
    // The SDK wants some; DynamoDB Local takes any.
    System.setProperty("aws.accessKeyId", "bench");
    System.setProperty("aws.secretAccessKey", "bench");
    DynamoDbLocal local = DynamoDbLocal.start();
    ends.push(local);
    DynamoSettings settings =
        new DynamoSettings(
            Optional.of(local.endpoint()),
            Optional.of("eu-central-1"),
            "bench-",
            Duration.ofSeconds(25));
    try (DynamoTables tables = DynamoTables.open(settings)) {
      DynamoTables.Report _ = tables.make(TABLE, Set.of(INDEX));
    }
    return DynamoStore.open(settings, System::nanoTime);
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Item item(long number, long version) {
    ItemKey due = new ItemKey("DUE#" + number % 4, "%013d".formatted(number));
    return new Item(key(number), version, Map.of(INDEX, due), BODY);
  }

  private static ItemKey key(long number) {
    return new ItemKey("C#" + number / OF_PARTITION, "S#%05d".formatted(number % OF_PARTITION));
  }

  private static void written(WriteResult result) {
    if (!(result instanceof WriteResult.Written)) {
      throw new IllegalStateException("not written: " + result);
    }
  }

  /** One item by its key. */
  @Benchmark
  public @Nullable Item get() {
    return items.get(key(number.getAndIncrement() % ITEMS));
  }

  /** A new item, and its end, so that the store stays as large as it was. */
  @Benchmark
  public void createAndDelete() {
    Item item = item(made.getAndIncrement(), 1);
    written(items.create(item));
    written(items.delete(item.key(), 1));
  }

  /** The next version of an item. */
  @Benchmark
  public void replace() {
    written(items.replace(item(0, ++version)));
  }

  /** All twenty of a partition. */
  @Benchmark
  public List<Item> query() {
    long partition = number.getAndIncrement() % (ITEMS / OF_PARTITION);
    ItemPage page = items.query(ItemRange.all("C#" + partition, OF_PARTITION));
    return page.items();
  }

  /** Twenty of an index. */
  @Benchmark
  public List<Item> queryIndex() {
    ItemPage page =
        items.queryIndex(INDEX, ItemRange.all("DUE#" + number.getAndIncrement() % 4, OF_PARTITION));
    return page.items();
  }

  /** Closes it. */
  @TearDown(Level.Trial)
  public void close() throws Exception {
    while (!ends.isEmpty()) {
      ends.pop().close();
    }
  }
}
