package dev.parley.session.store;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One versioned item.
 *
 * @param version counts its writes, from 1
 * @param indexes under which other keys it is found, by the index's name; an item without an entry
 *     is not in that index
 * @param body JSON, at most {@link #BODY_BYTES_MAX} in UTF-8
 */
public record Item(ItemKey key, long version, Map<String, ItemKey> indexes, String body) {
  /**
   * Longest body: what DynamoDB allows an item (400 KB), less the longest keys of as many indexes
   * as it allows a table.
   */
  public static final int BODY_BYTES_MAX = 360 << 10;

  /** A char takes at most that many bytes, so most bodies need no count. */
  private static final int BYTES_PER_CHAR_MAX = 3;

  public Item {
    if (version < 1) {
      throw new IllegalArgumentException("a version counts from 1: " + version);
    }
    if (body.length() > BODY_BYTES_MAX / BYTES_PER_CHAR_MAX
        && body.getBytes(StandardCharsets.UTF_8).length > BODY_BYTES_MAX) {
      throw new IllegalArgumentException("the body of " + key + " is too long");
    }
    indexes = Map.copyOf(indexes);
  }
}
