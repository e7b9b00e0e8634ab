package dev.parley.session.store;

/**
 * Where an item is: items of one partition are kept together, in the order of {@code sort}. Both
 * are printable ASCII, so that every store sorts them alike; anything a person chose goes in as a
 * hash.
 */
public record ItemKey(String partition, String sort) implements Comparable<ItemKey> {
  /** Longest part, in bytes. */
  public static final int LENGTH_MAX = 512;

  public ItemKey {
    requireShape(partition);
    requireShape(sort);
  }

  static void requireShape(String part) {
    // Made for each item that is read: a pattern costs more than the rest.
    boolean isFit = !part.isEmpty() && part.length() <= LENGTH_MAX;
    for (int i = 0; i < part.length() && isFit; i++) {
      isFit = part.charAt(i) >= ' ' && part.charAt(i) <= '~';
    }
    if (!isFit) {
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
