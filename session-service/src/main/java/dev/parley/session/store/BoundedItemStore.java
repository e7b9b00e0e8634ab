package dev.parley.session.store;

import dev.parley.session.capacity.Capacity;
import dev.parley.session.capacity.Priority;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Any item store, asked for no more at a time than it can do. Each operation waits for its place,
 * and is not answered if none comes free. Thread-safe.
 */
public final class BoundedItemStore implements ItemStore {
  /** How many kinds of operations there are. */
  public static final int KINDS = StoreOperation.values().length;

  private final ItemStore store;
  private final Capacity capacity;
  private final LongSupplier nanoTime;

  /**
   * Takes what it asks.
   *
   * @param capacity of all tables together
   * @param nanoTime monotonic time in nanoseconds
   */
  public BoundedItemStore(ItemStore store, Capacity capacity, LongSupplier nanoTime) {
    this.store = store;
    this.capacity = capacity;
    this.nanoTime = nanoTime;
  }

  @Override
  public @Nullable Item get(ItemKey key) {
    return placed(StoreOperation.GET, () -> store.get(key));
  }

  @Override
  public WriteResult create(Item item) {
    return placed(StoreOperation.CREATE, () -> store.create(item));
  }

  @Override
  public WriteResult replace(Item item) {
    return placed(StoreOperation.REPLACE, () -> store.replace(item));
  }

  @Override
  public WriteResult delete(ItemKey key, long version) {
    return placed(StoreOperation.DELETE, () -> store.delete(key, version));
  }

  @Override
  public ItemPage query(ItemRange range) {
    return placed(StoreOperation.QUERY, () -> store.query(range));
  }

  @Override
  public ItemPage queryIndex(String index, ItemRange range) {
    return placed(StoreOperation.QUERY_INDEX, () -> store.queryIndex(index, range));
  }

  @Override
  public ItemPage scan(int limit, @Nullable ItemKey after) {
    return placed(StoreOperation.SCAN, () -> store.scan(limit, after));
  }

  private <T extends @Nullable Object> T placed(StoreOperation operation, Supplier<T> call) {
    if (!capacity.enter(Priority.current())) {
      throw new StoreUnavailableException("the store has too much to do", null);
    }
    boolean isAnswered = true;
    long startNs = nanoTime.getAsLong();
    try {
      return call.get();
    } catch (StoreUnavailableException e) {
      isAnswered = false;
      throw e;
    } finally {
      if (isAnswered) {
        capacity.leave(operation.kind(), nanoTime.getAsLong() - startNs);
      } else {
        capacity.leaveUnanswered();
      }
    }
  }
}
