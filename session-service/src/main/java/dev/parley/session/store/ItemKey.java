package dev.parley.session.store;

import java.util.regex.Pattern;

/**
 * Where an item is: items of one partition are kept together, in the order of {@code sort}. Both
 * are printable ASCII, so that every store sorts them alike; anything a person chose goes in as a
 * hash.
 */
public record ItemKey(String partition, String sort) implements Comparable<ItemKey> {
  /** Longest part, in bytes. */
  public static final int LENGTH_MAX = 512;

  private static final Pattern SHAPE = Pattern.compile("[\\x20-\\x7E]{1," + LENGTH_MAX + "}");

  public ItemKey {
    requireShape(partition);
    requireShape(sort);
  }

  static void requireShape(String part) {
    if (!SHAPE.matcher(part).matches()) {
      throw new IllegalArgumentException(
          "a key's part is 1 to " + LENGTH_MAX + " printable ASCII characters");
    }
  }

  @Override
  public int compareTo(ItemKey other) {
    int order = partition.compareTo(other.partition);
    return order != 0 ? order : sort.compareTo(other.sort);
  }
}
