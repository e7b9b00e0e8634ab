package dev.parley.session.store;

import java.util.Map;

/**
 * One versioned item.
 *
 * @param version counts its writes, from 1
 * @param indexes under which other keys it is found, by the index's name; an item without an entry
 *     is not in that index
 * @param body JSON
 */
public record Item(ItemKey key, long version, Map<String, ItemKey> indexes, String body) {
  public Item {
    if (version < 1) {
      throw new IllegalArgumentException("a version counts from 1: " + version);
    }
    indexes = Map.copyOf(indexes);
  }
}
