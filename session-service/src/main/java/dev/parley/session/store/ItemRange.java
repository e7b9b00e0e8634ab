package dev.parley.session.store;

import org.jspecify.annotations.Nullable;

/**
 * Which items of one partition a query wants.
 *
 * @param from the lowest sort key, included; null for the partition's first
 * @param to the sort key above the highest, excluded; null for no end
 * @param descending the highest sort key first
 * @param limit that many items a page, 1 to {@link #LIMIT_MAX}
 * @param after the {@link ItemPage#next} of the page before, or null for the first page
 */
public record ItemRange(
    String partition,
    @Nullable String from,
    @Nullable String to,
    boolean descending,
    int limit,
    @Nullable ItemKey after) {
  /** Most items of a page. */
  public static final int LIMIT_MAX = 1000;

  public ItemRange {
    ItemKey.requireShape(partition);
    if (from != null) {
      ItemKey.requireShape(from);
    }
    if (to != null) {
      ItemKey.requireShape(to);
    }
    requireLimit(limit);
    if (after != null && !after.partition().equals(partition)) {
      throw new IllegalArgumentException("a page of " + partition + " does not end at " + after);
    }
  }

  /** Refuses a page of no items, or of too many. */
  public static void requireLimit(int limit) {
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new IllegalArgumentException("limit must be 1 to " + LIMIT_MAX + ": " + limit);
    }
  }

  /** Everything in a partition, in order. */
  public static ItemRange all(String partition, int limit) {
    return new ItemRange(partition, null, null, false, limit, null);
  }

  /** Everything in a partition whose sort key begins so, in order. */
  public static ItemRange prefixed(String partition, String prefix, int limit) {
    // '~' is the last printable ASCII character, and no prefix of ours ends with it.
    return new ItemRange(partition, prefix, prefix + '~', false, limit, null);
  }

  /** True if no key can be in the range. */
  public boolean isEmpty() {
    return from != null && to != null && from.compareTo(to) >= 0;
  }

  /** True if the key is in the range, beyond the pages that were read. */
  public boolean holds(ItemKey key) {
    String sort = key.sort();
    if (!key.partition().equals(partition)
        || (from != null && sort.compareTo(from) < 0)
        || (to != null && sort.compareTo(to) >= 0)) {
      return false;
    }
    if (after == null) {
      return true;
    }
    int order = sort.compareTo(after.sort());
    return descending ? order < 0 : order > 0;
  }

  /** The same range from where a page ended. */
  public ItemRange after(@Nullable ItemKey last) {
    return new ItemRange(partition, from, to, descending, limit, last);
  }
}
