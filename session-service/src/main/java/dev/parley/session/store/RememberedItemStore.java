package dev.parley.session.store;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Any item store, of which this node remembers what it read and wrote by key, and who was listed as
 * present. {@linkplain StoreMemory#recall Recalling}, it is answered from memory, and takes no
 * write. Thread-safe.
 */
public final class RememberedItemStore implements ItemStore {
  /** Of keys: one that was revoked elsewhere is believed this long, if the store is away. */
  public static final Duration KEYS_AGE_MAX = Duration.ofMinutes(10);

  /** Of calls: what was seen of them is judged by the media server, which knows them. */
  public static final Duration CALLS_AGE_MAX = Duration.ofHours(12);

  private final ItemStore store;
  private final StoreMemory memory;
  private final int table;
  private final long ageMaxNs;

  /**
   * Takes what it remembers.
   *
   * @param ageMax what was seen longer ago does not count
   */
  public RememberedItemStore(ItemStore store, StoreMemory memory, Duration ageMax) {
    this.store = store;
    this.memory = memory;
    this.table = memory.newTable();
    this.ageMaxNs = ageMax.toNanos();
  }

  @Override
  public @Nullable Item get(ItemKey key) {
    if (StoreMemory.isRecalling()) {
      return memory.recalled(table, key, ageMaxNs);
    }
    Item item = answered(() -> store.get(key));
    memory.see(table, key, item);
    return item;
  }

  @Override
  public WriteResult create(Item item) {
    return written(item, () -> store.create(item));
  }

  @Override
  public WriteResult replace(Item item) {
    return written(item, () -> store.replace(item));
  }

  @Override
  public WriteResult delete(ItemKey key, long version) {
    WriteResult result = answered(() -> store.delete(key, version));
    memory.forget(table, key);
    return result;
  }

  @Override
  public ItemPage query(ItemRange range) {
    return answered(() -> store.query(range));
  }

  @Override
  public ItemPage queryIndex(String index, ItemRange range) {
    ItemPage page = answered(() -> store.queryIndex(index, range));
    if (index.equals(ConferenceItems.PRESENT)) {
      page.items().forEach(item -> memory.seeIfNewer(table, item));
    }
    return page;
  }

  @Override
  public ItemPage scan(int limit, @Nullable ItemKey after) {
    return answered(() -> store.scan(limit, after));
  }

  private WriteResult written(Item item, Supplier<WriteResult> write) {
    WriteResult result = answered(write);
    if (result instanceof WriteResult.Written) {
      memory.see(table, item.key(), item);
    } else {
      memory.forget(table, item.key());
    }
    return result;
  }

  private <T extends @Nullable Object> T answered(Supplier<T> operation) {
    if (StoreMemory.isRecalling()) {
      throw new StoreUnavailableException("the store is away", null);
    }
    try {
      T answer = operation.get();
      memory.onAnswered();
      return answer;
    } catch (StoreUnavailableException e) {
      memory.onUnanswered();
      throw e;
    }
  }
}
