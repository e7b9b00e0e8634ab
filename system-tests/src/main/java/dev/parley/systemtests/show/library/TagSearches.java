package dev.parley.systemtests.show.library;

import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.LibraryStore;
import dev.parley.session.library.ObjectKind;
import dev.parley.session.library.ObjectState;
import dev.parley.session.store.ItemStores;
import dev.parley.session.store.LibraryItems;
import dev.parley.session.store.Table;
import dev.parley.session.store.dynamo.DynamoSettings;
import dev.parley.session.store.dynamo.DynamoStore;
import dev.parley.session.store.dynamo.DynamoTables;
import dev.parley.session.store.embedded.EmbeddedStore;
import dev.parley.testsupport.DynamoDbLocal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Random searches by tags, kind and state, page by page, of the embedded store and of DynamoDB
 * Local, which must both find what a plain list has. One thread.
 */
final class TagSearches implements AutoCloseable {
  private static final String TENANT = "acme";
  private static final String OTHER = "other";
  private static final int OBJECTS = 80;
  private static final int NAMES = 4;
  private static final int VALUES = 4;
  private static final int TAGS_MAX = 4;
  private static final int PAGE_LEAST = 2;
  private static final int PAGE_MAX = 20;

  /** DynamoDB Local answers several at once. */
  private static final int AT_ONCE = 4;

  private final List<AutoCloseable> parts = new ArrayList<>();
  private final Map<String, LibraryItems> stores = new LinkedHashMap<>();

  /** Newest first, as lists are. */
  private final List<LibraryObject> model = new ArrayList<>();

  private final long seed;

  /** Starts the stores and writes the same objects to both. */
  TagSearches(long seed) throws IOException {
    this.seed = seed;
    EmbeddedStore embedded = closing(EmbeddedStore.inMemory());
    stores.put("embedded store", new LibraryItems(embedded.table(Table.LIBRARY)));
    stores.put("DynamoDB Local", new LibraryItems(dynamo().table(Table.LIBRARY)));
    Random random = new Random(seed);
    for (int i = 0; i < OBJECTS; i++) {
      LibraryObject object = object(i, random);
      model.addFirst(object);
      stores.values().forEach(store -> write(store, object));
    }
  }

  private ItemStores dynamo() throws IOException {
    // The SDK wants some; DynamoDB Local takes any.
    System.setProperty("aws.accessKeyId", "shows");
    System.setProperty("aws.secretAccessKey", "shows");
    DynamoDbLocal local = closing(DynamoDbLocal.start());
    DynamoSettings settings =
        new DynamoSettings(
            Optional.of(local.endpoint()),
            Optional.of("eu-central-1"),
            "searches-",
            Duration.ofSeconds(25));
    try (DynamoTables tables = DynamoTables.open(settings)) {
      DynamoTables.Report _ = tables.make(Table.LIBRARY.name(), Table.LIBRARY.indexes());
    }
    return closing(DynamoStore.open(settings, System::nanoTime));
  }

  private static void write(LibraryItems store, LibraryObject object) {
    LibraryObject written = store.write(object);
    if (written == null) {
      throw new IllegalStateException("there is one already: " + object.id());
    }
    written.wantedRows().forEach(row -> store.addTagRow(written, row));
  }

  private static LibraryObject object(int number, Random random) {
    ObjectState[] states = ObjectState.values();
    ObjectKind[] kinds = {ObjectKind.FILE, ObjectKind.PHOTO, ObjectKind.RECORDING};
    return Shelf.object(
        number,
        random.nextInt(5) == 0 ? OTHER : TENANT,
        kinds[random.nextInt(kinds.length)],
        number % 4 == 0 ? states[random.nextInt(states.length)] : ObjectState.AVAILABLE,
        tags(random, TAGS_MAX));
  }

  private static Map<String, String> tags(Random random, int countMax) {
    Map<String, String> tags = new TreeMap<>();
    int count = random.nextInt(countMax + 1);
    for (int i = 0; i < count; i++) {
      tags.put("t" + random.nextInt(NAMES), "v" + random.nextInt(VALUES));
    }
    return tags;
  }

  /**
   * What came of it.
   *
   * @param hits how many objects were found in all, at each store
   * @param differences searches that found something else, in words
   */
  record Result(int searches, long hits, Map<String, Queue<String>> differences) {}

  /** Searches so often at each store. */
  Result run(int searches) throws InterruptedException {
    Map<String, Queue<String>> differences = new LinkedHashMap<>();
    stores.keySet().forEach(name -> differences.put(name, new ConcurrentLinkedQueue<>()));
    long hits = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Callable<Long>> shares = new ArrayList<>();
      for (int share = 0; share < AT_ONCE; share++) {
        int first = share;
        shares.add(() -> searchEach(first, searches, differences));
      }
      for (Future<Long> share : threads.invokeAll(shares)) {
        hits += share.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a search failed: " + e.getCause(), e);
    }
    return new Result(searches, hits, differences);
  }

  private long searchEach(int first, int searches, Map<String, Queue<String>> differences) {
    long hits = 0;
    for (int number = first; number < searches; number += AT_ONCE) {
      Random random = new Random(seed + 31L * number);
      Set<ObjectKind> kinds = random.nextInt(3) == 0 ? Set.of(ObjectKind.PHOTO) : Set.of();
      LibraryStore.Selection wanted =
          new LibraryStore.Selection(TENANT, null, kinds, tags(random, 3), random.nextBoolean());
      int limit = random.nextInt(PAGE_LEAST, PAGE_MAX + 1);
      List<String> expected =
          model.stream().filter(wanted::includes).map(LibraryObject::id).toList();
      hits += expected.size();
      for (Map.Entry<String, LibraryItems> store : stores.entrySet()) {
        if (!all(store.getValue(), wanted, limit).equals(expected)) {
          String words = "seed " + seed + ", search " + number + ": " + wanted;
          Objects.requireNonNull(differences.get(store.getKey())).add(words);
        }
      }
    }
    return hits;
  }

  private static List<String> all(
      LibraryItems library, LibraryStore.Selection selection, int limit) {
    List<String> found = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      LibraryStore.Page page = library.list(selection, limit, cursor);
      page.objects().forEach(object -> found.add(object.id()));
      cursor = page.next();
    } while (cursor != null);
    return found;
  }

  @Override
  public void close() {
    for (AutoCloseable part : parts.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        // What is left is closed all the same; processes end with this one at the latest.
        System.err.println("did not close: " + e);
      }
    }
  }

  private <T extends AutoCloseable> T closing(T part) {
    parts.add(part);
    return part;
  }
}
