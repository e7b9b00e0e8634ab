package dev.parley.session.store;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Any item store, with its operations timed and its failures counted. Thread-safe. */
public final class MeasuredItemStore implements ItemStore {
  private final ItemStore store;
  private final StoreMetrics metrics;

  public MeasuredItemStore(ItemStore store, StoreMetrics metrics) {
    this.store = store;
    this.metrics = metrics;
  }

  @Override
  public @Nullable Item get(ItemKey key) {
    return metrics.timed(StoreOperation.GET, () -> store.get(key));
  }

  @Override
  public WriteResult create(Item item) {
    return written(StoreOperation.CREATE, () -> store.create(item));
  }

  @Override
  public WriteResult replace(Item item) {
    return written(StoreOperation.REPLACE, () -> store.replace(item));
  }

  @Override
  public WriteResult delete(ItemKey key, long version) {
    return written(StoreOperation.DELETE, () -> store.delete(key, version));
  }

  @Override
  public ItemPage query(ItemRange range) {
    return metrics.timed(StoreOperation.QUERY, () -> store.query(range));
  }

  @Override
  public ItemPage queryIndex(String index, ItemRange range) {
    return metrics.timed(StoreOperation.QUERY_INDEX, () -> store.queryIndex(index, range));
  }

  @Override
  public ItemPage scan(int limit, @Nullable ItemKey after) {
    return metrics.timed(StoreOperation.SCAN, () -> store.scan(limit, after));
  }

  private WriteResult written(StoreOperation operation, Supplier<WriteResult> write) {
    WriteResult result = metrics.timed(operation, write);
    if (result instanceof WriteResult.Conflict) {
      metrics.conflict(operation);
    }
    return result;
  }
}
