package dev.parley.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every item store does; each adapter's test extends it. */
public abstract class ItemStoreContract {
  protected static final String INDEX = "by-color";

  /** A fresh, empty table with the index {@link #INDEX}. */
  protected abstract ItemStore store();

  /** Makes the store of {@link #store} fail at whatever it is asked from now on. */
  protected abstract void breakStore();

  @Test
  void createdItemIsReadBack() {
    ItemStore store = store();
    Item item =
        new Item(key("p", "a"), 1, Map.of(INDEX, key("red", "a")), "{\"name\":\"Žo\\u0000\"}");

    assertThat(store.create(item)).isInstanceOf(WriteResult.Written.class);

    assertThat(store.get(item.key())).isEqualTo(item);
    assertThat(store.get(key("p", "b"))).isNull();
  }

  @Test
  void createOfATakenKeyAnswersWhatIsThere() {
    ItemStore store = store();
    Item first = item("p", "a", 1, "1");
    store.create(first);

    WriteResult result = store.create(item("p", "a", 1, "2"));

    assertThat(result).isEqualTo(new WriteResult.Conflict(first));
    assertThat(store.get(first.key())).isEqualTo(first);
  }

  @Test
  void replaceNeedsTheVersionBefore() {
    ItemStore store = store();
    store.create(item("p", "a", 1, "1"));

    assertThat(store.replace(item("p", "a", 2, "2"))).isInstanceOf(WriteResult.Written.class);

    assertThat(store.replace(item("p", "a", 2, "x")))
        .isEqualTo(new WriteResult.Conflict(item("p", "a", 2, "2")));
    assertThat(store.replace(item("p", "a", 4, "x"))).isInstanceOf(WriteResult.Conflict.class);
    assertThat(store.replace(item("p", "missing", 2, "x")))
        .isEqualTo(new WriteResult.Conflict(null));
    assertThatIllegalArgumentException().isThrownBy(() -> store.replace(item("p", "a", 1, "x")));
    assertThatIllegalArgumentException().isThrownBy(() -> store.create(item("p", "z", 2, "x")));
  }

  @Test
  void deleteNeedsTheVersion() {
    ItemStore store = store();
    store.create(item("p", "a", 1, "1"));

    assertThat(store.delete(key("p", "a"), 2)).isInstanceOf(WriteResult.Conflict.class);
    assertThat(store.delete(key("p", "a"), 1)).isInstanceOf(WriteResult.Written.class);
    assertThat(store.delete(key("p", "a"), 1)).isEqualTo(new WriteResult.Conflict(null));
    assertThat(store.get(key("p", "a"))).isNull();
    assertThat(store.create(item("p", "a", 1, "again"))).isInstanceOf(WriteResult.Written.class);
  }

  @Test
  void rangeStaysInItsPartitionAndBounds() {
    ItemStore store = store();
    for (String partition : List.of("o", "p", "p#", "q")) {
      for (String sort : List.of("a", "b", "b#1", "b#2", "c")) {
        store.create(item(partition, sort, 1, partition + sort));
      }
    }

    assertThat(sorts(store.query(ItemRange.all("p", 10))))
        .containsExactly("a", "b", "b#1", "b#2", "c");
    assertThat(sorts(store.query(ItemRange.prefixed("p", "b#", 10)))).containsExactly("b#1", "b#2");
    assertThat(sorts(store.query(new ItemRange("p", "b", "c", false, 10, null))))
        .containsExactly("b", "b#1", "b#2");
    assertThat(sorts(store.query(new ItemRange("p", "b", "c", true, 10, null))))
        .containsExactly("b#2", "b#1", "b");
    assertThat(sorts(store.query(ItemRange.all("nothing", 10)))).isEmpty();
  }

  @Test
  void rangeWithNothingBetweenItsEndsIsEmpty() {
    ItemStore store = store();
    store.create(new Item(key("p", "b"), 1, Map.of(INDEX, key("p", "b")), "{}"));

    for (String to : List.of("a", "b")) {
      for (boolean descending : new boolean[] {false, true}) {
        ItemRange range = new ItemRange("p", "b", to, descending, 10, null);
        assertThat(store.query(range)).isEqualTo(new ItemPage(List.of(), null));
        assertThat(store.queryIndex(INDEX, range)).isEqualTo(new ItemPage(List.of(), null));
      }
    }
  }

  @Test
  void pageIsFullIfEnoughIsThereHoweverLongTheItems() {
    ItemStore store = store();
    List<String> expected = new ArrayList<>();
    for (int i = 10; i < 18; i++) {
      String body = Integer.toString(i).repeat(Item.BODY_BYTES_MAX / 2);
      store.create(new Item(key("p", "s" + i), 1, Map.of(INDEX, key("red", "i" + i)), body));
      expected.add("s" + i);
    }
    ItemRange most = ItemRange.all("p", 7);
    ItemRange mostOfIndex = ItemRange.all("red", 7);

    assertThat(sorts(store.query(most))).isEqualTo(expected.subList(0, 7));
    assertThat(store.query(most).next()).isEqualTo(key("p", "s16"));
    assertThat(sorts(store.queryIndex(INDEX, mostOfIndex))).isEqualTo(expected.subList(0, 7));
    assertThat(store.queryIndex(INDEX, mostOfIndex).next()).isEqualTo(key("red", "i16"));
    assertThat(store.scan(7, null).items()).hasSize(7);
    assertThat(store.query(ItemRange.all("p", 8)).next()).as("nothing follows").isNull();
    assertThat(store.queryIndex(INDEX, ItemRange.all("red", 8)).next()).isNull();
    assertThat(store.scan(8, null).next()).isNull();
  }

  @Test
  void pageBeginsAfterAnItemThatIsGone() {
    ItemStore store = store();
    for (String sort : List.of("a", "b", "c")) {
      store.create(item("p", sort, 1, "{}"));
    }
    ItemPage first = store.query(ItemRange.all("p", 2));
    store.delete(key("p", "b"), 1);

    assertThat(first.next()).isEqualTo(key("p", "b"));
    assertThat(sorts(store.query(ItemRange.all("p", 2).after(first.next())))).containsExactly("c");
    assertThat(sorts(store.query(new ItemRange("p", null, "c", true, 2, key("p", "b")))))
        .containsExactly("a");
  }

  @Test
  void limitsOutsideTheirRangeAreRefused() {
    ItemStore store = store();
    for (int limit : new int[] {0, ItemRange.LIMIT_MAX + 1}) {
      assertThatIllegalArgumentException().isThrownBy(() -> ItemRange.all("p", limit));
      assertThatIllegalArgumentException().isThrownBy(() -> store.scan(limit, null));
    }
    assertThat(store.query(ItemRange.all("p", ItemRange.LIMIT_MAX)).items()).isEmpty();
  }

  @Test
  void keysSortByTheirBytes() {
    ItemStore store = store();
    List<String> expected = new ArrayList<>();
    for (char c = 0x20; c <= 0x7E; c++) {
      String sort = "s" + c;
      store.create(new Item(key("p", sort), 1, Map.of(INDEX, key("p", sort)), "{}"));
      expected.add(sort);
    }

    assertThat(sorts(store.query(ItemRange.all("p", 100)))).isEqualTo(expected);
    assertThat(sorts(store.queryIndex(INDEX, ItemRange.all("p", 100)))).isEqualTo(expected);
  }

  @Test
  void greatestItemIsKeptAndALongerBodyIsRefused() {
    ItemStore store = store();
    String longest = "k".repeat(ItemKey.LENGTH_MAX);
    String body = "Ž".repeat(Item.BODY_BYTES_MAX / 2);
    Item greatest = new Item(key(longest, longest), 1, Map.of(INDEX, key(longest, longest)), body);

    store.create(greatest);

    assertThat(store.get(greatest.key())).isEqualTo(greatest);
    assertThat(store.queryIndex(INDEX, ItemRange.all(longest, 1)).items())
        .containsExactly(greatest);
    assertThatIllegalArgumentException().isThrownBy(() -> item("p", "a", 1, body + "!"));
  }

  @Test
  void refusedWriteLeavesIndexesAlone() {
    ItemStore store = store();
    Item red = new Item(key("p", "a"), 1, Map.of(INDEX, key("red", "1")), "{}");
    store.create(red);
    Map<String, ItemKey> blue = Map.of(INDEX, key("blue", "1"));

    store.create(new Item(key("p", "a"), 1, blue, "{}"));
    store.replace(new Item(key("p", "a"), 3, blue, "{}"));
    store.delete(key("p", "a"), 2);

    assertThat(store.queryIndex(INDEX, ItemRange.all("red", 5)).items()).containsExactly(red);
    assertThat(store.queryIndex(INDEX, ItemRange.all("blue", 5)).items()).isEmpty();
  }

  @Test
  void brokenStoreSaysSoWhateverItIsAsked() {
    ItemStore store = store();
    store.create(item("p", "a", 1, "{}"));

    breakStore();

    List<ThrowingCallable> calls =
        List.of(
            () -> store.get(key("p", "a")),
            () -> store.create(item("p", "b", 1, "{}")),
            () -> store.replace(item("p", "a", 2, "{}")),
            () -> store.delete(key("p", "a"), 1),
            () -> store.query(ItemRange.all("p", 5)),
            () -> store.queryIndex(INDEX, ItemRange.all("red", 5)),
            () -> store.scan(5, null));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call).isInstanceOf(StoreUnavailableException.class);
    }
  }

  @Test
  void pagesCoverARangeOnceInBothDirections() {
    ItemStore store = store();
    List<String> expected = new ArrayList<>();
    for (int i = 10; i < 33; i++) {
      store.create(new Item(key("p", "s" + i), 1, Map.of(INDEX, key("red", "i" + i)), "{}"));
      store.create(new Item(key("r", "s" + i), 1, Map.of(INDEX, key("blue", "i" + i)), "{}"));
      expected.add("s" + i);
    }

    for (int limit : new int[] {1, 4, 22, 23, 24}) {
      assertThat(pages(store, "p", false, limit, null)).isEqualTo(expected);
      assertThat(pages(store, "p", true, limit, null)).isEqualTo(expected.reversed());
      assertThat(pages(store, "red", false, limit, INDEX)).isEqualTo(expected);
      assertThat(pages(store, "red", true, limit, INDEX)).isEqualTo(expected.reversed());
    }
  }

  @Test
  void indexFollowsItsItem() {
    ItemStore store = store();
    Map<String, ItemKey> red = Map.of(INDEX, key("red", "1"));
    store.create(new Item(key("p", "a"), 1, red, "{}"));

    store.replace(new Item(key("p", "a"), 2, Map.of(INDEX, key("blue", "1")), "{}"));

    assertThat(store.queryIndex(INDEX, ItemRange.all("red", 5)).items()).isEmpty();
    assertThat(sorts(store.queryIndex(INDEX, ItemRange.all("blue", 5)))).containsExactly("a");

    store.replace(new Item(key("p", "a"), 3, Map.of(), "{}"));

    assertThat(store.queryIndex(INDEX, ItemRange.all("blue", 5)).items()).isEmpty();

    store.replace(new Item(key("p", "a"), 4, red, "{}"));
    store.delete(key("p", "a"), 4);

    assertThat(store.queryIndex(INDEX, ItemRange.all("red", 5)).items()).isEmpty();
  }

  @Test
  void undeclaredIndexIsRefused() {
    ItemStore store = store();

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> store.create(new Item(key("p", "a"), 1, Map.of("no", key("x", "y")), "{}")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.queryIndex("no", ItemRange.all("x", 1)));
    assertThat(store.get(key("p", "a"))).isNull();
  }

  @Test
  void scanSeesEverythingOnce() {
    ItemStore store = store();
    for (int i = 0; i < 25; i++) {
      store.create(item("p" + i % 3, "s" + i, 1, "" + i));
    }

    List<String> bodies = new ArrayList<>();
    ItemKey after = null;
    do {
      ItemPage page = store.scan(7, after);
      page.items().forEach(item -> bodies.add(item.body()));
      after = page.next();
    } while (after != null);

    assertThat(bodies).hasSize(25).doesNotHaveDuplicates();
  }

  @Test
  void ofManyWritersOfOneVersionExactlyOneWins() throws Exception {
    ItemStore store = store();
    store.create(item("p", "counter", 1, "0"));
    int writers = 8;
    int rounds = 40;
    List<Future<Integer>> wins = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int w = 0; w < writers; w++) {
        Callable<Integer> writer =
            () -> {
              int won = 0;
              while (won < rounds) {
                Item seen = store.get(key("p", "counter"));
                assertThat(seen).isNotNull();
                String next = Integer.toString(Integer.parseInt(seen.body()) + 1);
                WriteResult result = store.replace(item("p", "counter", seen.version() + 1, next));
                won += result instanceof WriteResult.Written ? 1 : 0;
              }
              return won;
            };
        wins.add(threads.submit(writer));
      }
    }

    Item last = store.get(key("p", "counter"));
    for (Future<Integer> win : wins) {
      assertThat(win.get()).isEqualTo(rounds);
    }
    assertThat(last).isEqualTo(item("p", "counter", 1 + writers * rounds, "" + writers * rounds));
  }

  @Test
  void agreesWithAModelUnderRandomWrites() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    ItemStore store = store();
    TreeMap<ItemKey, Item> model = new TreeMap<>();
    for (int i = 0; i < 800; i++) {
      ItemKey key = key("p" + random.nextInt(3), "s" + random.nextInt(12));
      long version = random.nextInt(4);
      Map<String, ItemKey> indexes = new HashMap<>();
      if (random.nextBoolean()) {
        indexes.put(INDEX, key("c" + random.nextInt(2), key.partition() + key.sort()));
      }
      Item current = model.get(key);
      long currentVersion = current == null ? 0 : current.version();
      if (random.nextInt(4) == 0 && version > 0) {
        WriteResult result = store.delete(key, version);
        boolean expected = current != null && currentVersion == version;
        assertThat(result instanceof WriteResult.Written).as("seed %d", seed).isEqualTo(expected);
        if (expected) {
          model.remove(key);
        }
      } else {
        Item item = new Item(key, version + 1, indexes, "" + i);
        WriteResult result = version == 0 ? store.create(item) : store.replace(item);
        boolean expected = currentVersion == version;
        assertThat(result instanceof WriteResult.Written).as("seed %d", seed).isEqualTo(expected);
        if (expected) {
          model.put(key, item);
        }
      }
    }
    for (int p = 0; p < 3; p++) {
      String partition = "p" + p;
      assertThat(store.query(ItemRange.all(partition, 100)).items())
          .as("seed %d", seed)
          .containsExactlyElementsOf(
              model.values().stream().filter(i -> i.key().partition().equals(partition)).toList());
    }
    for (int c = 0; c < 2; c++) {
      String color = "c" + c;
      assertThat(store.queryIndex(INDEX, ItemRange.all(color, 100)).items())
          .as("seed %d", seed)
          .containsExactlyElementsOf(model.values().stream().filter(i -> isIn(i, color)).toList());
    }
  }

  private static boolean isIn(Item item, String color) {
    ItemKey key = item.indexes().get(INDEX);
    return key != null && key.partition().equals(color);
  }

  protected static ItemKey key(String partition, String sort) {
    return new ItemKey(partition, sort);
  }

  protected static Item item(String partition, String sort, long version, String body) {
    return new Item(key(partition, sort), version, Map.of(), body);
  }

  private static List<String> sorts(ItemPage page) {
    return page.items().stream().map(item -> item.key().sort()).toList();
  }

  private static List<String> pages(
      ItemStore store, String partition, boolean descending, int limit, @Nullable String index) {
    List<String> sorts = new ArrayList<>();
    ItemRange range = new ItemRange(partition, null, null, descending, limit, null);
    while (true) {
      ItemPage page = index == null ? store.query(range) : store.queryIndex(index, range);
      assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
      sorts.addAll(sorts(page));
      if (page.next() == null) {
        return sorts;
      }
      range = range.after(page.next());
    }
  }
}
