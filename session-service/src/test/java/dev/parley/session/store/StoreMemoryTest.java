package dev.parley.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.store.embedded.EmbeddedStore;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StoreMemoryTest {
  private static final ItemKey KEY = new ItemKey("C#cf_1", "P#pt_1");
  private static final ItemKey NONE = new ItemKey("C#cf_1", "RV#x");
  private static final Duration AGE_MAX = Duration.ofMinutes(10);

  private final AtomicLong nowNs = new AtomicLong();
  private final StoreMemory memory = new StoreMemory(nowNs::get);
  private final EmbeddedStore file = EmbeddedStore.inMemory();
  private final ItemStore table = file.table("core", Set.of(ConferenceItems.PRESENT));
  private final RememberedItemStore store = new RememberedItemStore(table, memory, AGE_MAX);

  @AfterEach
  void close() {
    file.close();
  }

  @Test
  void whatWasReadOrWrittenIsRecalledAndSoIsWhatWasNotThere() {
    store.create(item(1, "one"));
    store.get(NONE);
    table.replace(item(2, "another node's"));

    assertThat(recall(KEY)).isEqualTo(item(1, "one"));
    assertThat(recall(NONE)).isNull();
    store.get(KEY);
    assertThat(recall(KEY)).isEqualTo(item(2, "another node's"));
    store.replace(item(3, "three"));
    assertThat(recall(KEY)).isEqualTo(item(3, "three"));
  }

  @Test
  void whatIsNotKnownIsNotMadeUp() {
    assertUnknown(KEY);
    store.create(item(1, "x".repeat(StoreMemory.LENGTH_MAX + 1)));
    assertUnknown(KEY);
    store.replace(item(2, "short"));
    store.replace(item(7, "conflict"));
    assertUnknown(KEY);
    store.get(KEY);
    store.delete(KEY, 2);
    assertUnknown(KEY);
    store.get(KEY);
    assertThat(recall(KEY)).isNull();
    nowNs.addAndGet(AGE_MAX.toNanos() + 1);
    assertUnknown(KEY);
  }

  @Test
  void whoIsListedAsPresentIsRememberedUnlessTheIndexIsBehind() {
    table.create(item(1, "listed"));
    store.queryIndex(ConferenceItems.PRESENT, ItemRange.all("C#cf_1", 10));
    assertThat(recall(KEY)).isEqualTo(item(1, "listed"));

    store.replace(item(2, "newer"));
    memory.seeIfNewer(1, item(1, "listed"));

    assertThat(recall(KEY)).isEqualTo(item(2, "newer"));
  }

  @Test
  void twoTablesAreTwoMemories() {
    ItemStore other = new RememberedItemStore(file.table("ops", Set.of()), memory, AGE_MAX);
    store.create(item(1, "one"));

    assertThatThrownBy(() -> memory.recall(() -> other.get(KEY)))
        .isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void nothingIsWrittenOrListedWhileRecalling() {
    assertThatThrownBy(() -> memory.recall(() -> store.create(item(1, "one"))))
        .isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> memory.recall(() -> store.query(ItemRange.all("C#cf_1", 10))))
        .isInstanceOf(StoreUnavailableException.class);

    assertThat(table.get(KEY)).isNull();
    assertThat(memory.isAway()).as("the store was not asked").isFalse();
  }

  @Test
  void storeIsAwayAfterSomeSilenceUntilItAnswersOrNobodyHasAskedForLong() {
    file.close();
    for (int i = 1; i < StoreMemory.UNANSWERED_MIN; i++) {
      assertThatThrownBy(() -> store.get(KEY)).isInstanceOf(StoreUnavailableException.class);
    }
    assertThat(memory.isAway()).isFalse();
    assertThatThrownBy(() -> store.get(KEY)).isInstanceOf(StoreUnavailableException.class);
    assertThat(memory.isAway()).isTrue();

    nowNs.addAndGet(StoreMemory.KNOWN_AWAY_NS);
    assertThat(memory.isAway()).isFalse();
    assertThatThrownBy(() -> store.get(KEY)).isInstanceOf(StoreUnavailableException.class);
    assertThat(memory.isAway()).isTrue();
    memory.onAnswered();
    assertThat(memory.isAway()).isFalse();
  }

  private @Nullable Item recall(ItemKey key) {
    return memory.<@Nullable Item, RuntimeException>recall(() -> store.get(key));
  }

  private void assertUnknown(ItemKey key) {
    assertThatThrownBy(() -> recall(key)).isInstanceOf(StoreUnavailableException.class);
  }

  private static Item item(long version, String text) {
    return new Item(
        KEY,
        version,
        Map.of(ConferenceItems.PRESENT, new ItemKey("C#cf_1", "1")),
        "{\"text\":\"" + text + "\"}");
  }
}
