package dev.parley.session.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A table that is opened when it is first asked, and tried again if that fails: what is in another
 * region may be away when a node starts. Thread-safe.
 */
public final class DeferredItemStore implements ItemStore {
  /** Whoever finds it being opened waits no longer than for one attempt. */
  private static final long WAIT_MAX_SEC = 5;

  private final ReentrantLock opening = new ReentrantLock();
  private final Supplier<ItemStore> open;
  private final AtomicInteger failures = new AtomicInteger();
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
    int before = failures.get();
    if (!isMyTurn()) {
      throw new StoreUnavailableException("the table is still being opened", null);
    }
    try {
      there = store;
      if (there == null) {
        if (failures.get() != before) {
          // Who waited while another tried in vain does not try the same once more.
          throw new StoreUnavailableException("the table could not be opened just now", null);
        }
        there = open.get();
        store = there;
      }
      return there;
    } catch (StoreUnavailableException e) {
      failures.incrementAndGet();
      throw e;
    } finally {
      opening.unlock();
    }
  }

  private boolean isMyTurn() {
    try {
      return opening.tryLock(WAIT_MAX_SEC, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
