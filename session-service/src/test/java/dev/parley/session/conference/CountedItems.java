package dev.parley.session.conference;

import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemPage;
import dev.parley.session.store.ItemRange;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.StoreUnavailableException;
import dev.parley.session.store.WriteResult;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * An item store that counts what it is asked, and how many items it answers with, and that can stop
 * answering for good, as if its node had died. Thread-safe.
 */
final class CountedItems implements ItemStore {
  private final ItemStore items;
  private final LongAdder reads = new LongAdder();
  private final LongAdder writes = new LongAdder();
  private final LongAdder queries = new LongAdder();
  private final LongAdder rows = new LongAdder();
  private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);

  CountedItems(ItemStore items) {
    this.items = items;
  }

  /** From so many more operations on it answers none. */
  void dieAfter(int operations) {
    left.set(operations);
  }

  boolean isDead() {
    return left.get() <= 0;
  }

  private void live() {
    if (left.getAndUpdate(before -> Math.max(0, before - 1)) <= 0) {
      throw new StoreUnavailableException("the node is dead", null);
    }
  }

  /** What some work asked. */
  record Cost(long reads, long writes, long queries, long rows) {}

  /** Returns what the work asks of the store. Nothing else may ask meanwhile. */
  Cost of(Runnable work) {
    reads.reset();
    writes.reset();
    queries.reset();
    rows.reset();
    work.run();
    return new Cost(reads.sum(), writes.sum(), queries.sum(), rows.sum());
  }

  @Override
  public @Nullable Item get(ItemKey key) {
    live();
    reads.increment();
    return items.get(key);
  }

  @Override
  public WriteResult create(Item item) {
    live();
    writes.increment();
    return items.create(item);
  }

  @Override
  public WriteResult replace(Item item) {
    live();
    writes.increment();
    return items.replace(item);
  }

  @Override
  public WriteResult delete(ItemKey key, long version) {
    live();
    writes.increment();
    return items.delete(key, version);
  }

  @Override
  public ItemPage query(ItemRange range) {
    live();
    return counted(items.query(range));
  }

  @Override
  public ItemPage queryIndex(String index, ItemRange range) {
    live();
    return counted(items.queryIndex(index, range));
  }

  @Override
  public ItemPage scan(int limit, @Nullable ItemKey after) {
    live();
    return counted(items.scan(limit, after));
  }

  private ItemPage counted(ItemPage page) {
    queries.increment();
    rows.add(page.items().size());
    return page;
  }
}
