package dev.parley.session.store;

import org.jspecify.annotations.Nullable;

/**
 * Which items of one partition a query wants.
 *
 * @param from the lowest sort key, included; null for the partition's first
 * @param to the sort key above the highest, excluded; null for no end
 * @param descending the highest sort key first
 * @param limit at most that many items a page, from 1
 * @param after the {@link ItemPage#next} of the page before, or null for the first page
 */
public record ItemRange(
    String partition,
    @Nullable String from,
    @Nullable String to,
    boolean descending,
    int limit,
    @Nullable ItemKey after) {
  public ItemRange {
    ItemKey.requireShape(partition);
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be 1 or more: " + limit);
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

  /** The same range from where a page ended. */
  public ItemRange after(@Nullable ItemKey last) {
    return new ItemRange(partition, from, to, descending, limit, last);
  }
}
