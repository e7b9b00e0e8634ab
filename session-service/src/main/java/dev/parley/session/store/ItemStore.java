package dev.parley.session.store;

import org.jspecify.annotations.Nullable;

/**
 * One table of versioned items. Each write touches one item and says which version it replaces; no
 * invariant may need more. A read by key sees every write that returned before it; an index may be
 * a moment behind. Thread-safe; every method blocks and throws {@link StoreUnavailableException}
 * when the store does not answer, in which case a write may or may not have happened.
 */
public interface ItemStore {

  @Nullable Item get(ItemKey key);

  /** Stores the item, whose version must be 1, if its key is free. */
  WriteResult create(Item item);

  /** Stores the item if what is there has exactly the version before this one. */
  WriteResult replace(Item item);

  /** Removes the item if it has that version. Removing what is not there is a conflict. */
  WriteResult delete(ItemKey key, long version);

  /** Reads a range of a partition. */
  ItemPage query(ItemRange range);

  /**
   * Reads a range of a declared index, in which partition, sort keys and {@link ItemPage#next} are
   * the index's own. Whoever writes items makes their index keys differ.
   */
  ItemPage queryIndex(String index, ItemRange range);

  /**
   * Reads everything, in no order one may rely on, for repair and migration.
   *
   * @param limit that many items a page, 1 to {@link ItemRange#LIMIT_MAX}
   * @param after the last item's key of the page before, or null
   */
  ItemPage scan(int limit, @Nullable ItemKey after);
}
