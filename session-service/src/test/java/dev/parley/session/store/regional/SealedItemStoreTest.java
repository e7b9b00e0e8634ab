package dev.parley.session.store.regional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.store.DeferredItemStore;
import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemRange;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.SealedBody;
import dev.parley.session.store.StoreUnavailableException;
import dev.parley.session.store.Table;
import dev.parley.session.store.WriteResult;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SealedItemStoreTest {
  private static final String CALL = "cf_" + "A".repeat(26);
  private static final ItemKey META = new ItemKey("C#" + CALL + ".eu", "META");
  private static final String BODY = "{\"name\":\"Änne\"}";

  private final EmbeddedStore here = EmbeddedStore.inMemory();
  private final EmbeddedStore there = EmbeddedStore.inMemory();
  private final ItemStore plain = here.table(Table.CORE);
  private final ItemStore library = there.table(Table.LIBRARY);
  private final AtomicLong nowNs = new AtomicLong();
  private final AtomicBoolean isAway = new AtomicBoolean();

  @AfterEach
  void close() {
    here.close();
    there.close();
  }

  /** A node, which remembers no key. */
  private SealedItemStore node() {
    ItemStore far =
        new DeferredItemStore(() -> {
          if (isAway.get()) {
            throw new StoreUnavailableException("away", null);
          }
          return library;
        });
    return new SealedItemStore(
        plain, new LibraryKeys("us", new TreeMap<>(Map.of("eu", far)), nowNs::get));
  }

  private static Item item(ItemKey key, long version, String body) {
    return new Item(key, version, Map.of("tenant", new ItemKey("T#x", "1#" + CALL)), body);
  }

  @Test
  void whatBelongsElsewhereIsReadableOnlyWithTheKeyThatIsThere() {
    assertThat(node().create(item(META, 1, BODY))).isInstanceOf(WriteResult.Written.class);

    Item stored = plain.get(META);
    assertThat(stored).isNotNull();
    assertThat(SealedBody.sealed(stored.body())).isNotNull();
    assertThat(stored.body()).doesNotContain("nne");
    Item read = node().get(META);
    assertThat(read).isEqualTo(item(META, 1, BODY));
    assertThat(node().queryIndex("tenant", ItemRange.all("T#x", 5)).items()).containsExactly(read);
    assertThat(node().query(ItemRange.all(META.partition(), 5)).items()).containsExactly(read);
    assertThat(node().scan(5, null).items()).containsExactly(read);
    assertThat(node().replace(item(META, 3, BODY))).isEqualTo(new WriteResult.Conflict(read));
    assertThat(library.scan(5, null).items()).as("one key").hasSize(1);
  }

  @Test
  void whatNamesNobodyAndWhatBelongsHereIsAsItWas() {
    for (ItemKey key :
        new ItemKey[] {
          new ItemKey("C#" + CALL, "META"),
          new ItemKey("C#" + CALL + ".us", "META"),
          new ItemKey("C#" + CALL + ".eu", "ALLOC"),
          new ItemKey("W#we_1#" + CALL + ".eu", "LANE"),
          new ItemKey("WE#acme.eu", "E#1"),
          new ItemKey("C#acme.eu", "META")
        }) {
      node().create(item(key, 1, BODY));
      assertThat(plain.get(key)).as("%s", key).isEqualTo(item(key, 1, BODY));
    }
    ItemKey delivery = new ItemKey("W#we_1#" + CALL + ".eu", "D#1");
    node().create(item(delivery, 1, BODY));
    assertThat(String.valueOf(plain.get(delivery))).doesNotContain("nne");
  }

  @Test
  void whatBelongsWhereThisNodeKnowsNoLibraryIsNotWritten() {
    ItemKey unknown = new ItemKey("C#" + CALL + ".asia", "META");

    assertThatThrownBy(() -> node().create(item(unknown, 1, BODY)))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(plain.get(unknown)).isNull();
  }

  @Test
  void whatIsMovedToAnotherPlaceIsNotRead() {
    node().create(item(META, 1, BODY));
    Item stored = plain.get(META);
    assertThat(stored).isNotNull();
    ItemKey other = new ItemKey("C#cf_" + "B".repeat(26) + ".eu", "META");
    plain.create(item(other, 1, stored.body()));

    assertThatThrownBy(() -> node().get(other)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aNodeWithoutTheKeyGoesOnWithTheRestAndAsksAgainInAWhile() {
    node().create(item(META, 1, BODY));
    SealedItemStore node = node();
    isAway.set(true);

    Item closed = node.get(META);
    assertThat(closed).isNotNull();
    assertThat(SealedBody.sealed(closed.body())).isNotNull();
    assertThatThrownBy(() -> node.replace(item(META, 2, BODY)))
        .isInstanceOf(StoreUnavailableException.class);
    isAway.set(false);
    assertThatThrownBy(() -> node.replace(item(META, 2, BODY)))
        .isInstanceOf(StoreUnavailableException.class);
    nowNs.addAndGet(6_000_000_000L);
    assertThat(node.replace(item(META, 2, BODY))).isInstanceOf(WriteResult.Written.class);
    isAway.set(true);
    assertThat(node.get(META)).as("remembered").isEqualTo(item(META, 2, BODY));
  }
}
