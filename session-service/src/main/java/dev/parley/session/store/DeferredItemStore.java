package dev.parley.session.store;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A table that is opened when it is first asked, and tried again if that fails: what is in another
 * region may be away when a node starts. Thread-safe.
 */
public final class DeferredItemStore implements ItemStore {
  private final ReentrantLock opening = new ReentrantLock();
  private final Supplier<ItemStore> open;
  private volatile @Nullable ItemStore store;

  /**
   * Takes how to open it.
   *
   * @param open throws {@link StoreUnavailableException} if it cannot
   */
  public DeferredItemStore(Supplier<ItemStore> open) {
    this.open = open;
  }

  @Override
  public @Nullable Item get(ItemKey key) {
    return opened().get(key);
  }

  @Override
  public WriteResult create(Item item) {
    return opened().create(item);
  }

  @Override
  public WriteResult replace(Item item) {
    return opened().replace(item);
  }

  @Override
  public WriteResult delete(ItemKey key, long version) {
    return opened().delete(key, version);
  }

  @Override
  public ItemPage query(ItemRange range) {
    return opened().query(range);
  }

  @Override
  public ItemPage queryIndex(String index, ItemRange range) {
    return opened().queryIndex(index, range);
  }

  @Override
  public ItemPage scan(int limit, @Nullable ItemKey after) {
    return opened().scan(limit, after);
  }

  private ItemStore opened() {
    ItemStore there = store;
    if (there != null) {
      return there;
    }
    opening.lock();
    try {
      there = store;
      if (there == null) {
        there = open.get();
        store = there;
      }
      return there;
    } finally {
      opening.unlock();
    }
  }
}
