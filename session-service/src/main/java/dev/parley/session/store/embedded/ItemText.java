package dev.parley.session.store.embedded;

import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How an item's key and what belongs to it are written. Parts are separated by NUL, which no key's
 * part contains; the body comes last, so it may contain anything.
 */
final class ItemText {
  private static final char SEPARATOR = '\0';

  private ItemText() {}

  static String key(ItemKey key) {
    return key.partition() + SEPARATOR + key.sort();
  }

  static ItemKey key(String text) {
    int separator = text.indexOf(SEPARATOR);
    return new ItemKey(text.substring(0, separator), text.substring(separator + 1));
  }

  /** Version, number of indexes, each index's name and two key parts, body. */
  static byte[] value(Item item) {
    StringBuilder text = new StringBuilder(item.body().length() + 128);
    text.append(item.version()).append(SEPARATOR).append(item.indexes().size()).append(SEPARATOR);
    item.indexes()
        .forEach((index, key) ->
            text.append(index).append(SEPARATOR).append(key(key)).append(SEPARATOR));
    return text.append(item.body()).toString().getBytes(StandardCharsets.UTF_8);
  }

  static Item item(ItemKey key, byte[] value) {
    Reader reader = new Reader(new String(value, StandardCharsets.UTF_8));
    long version = Long.parseLong(reader.part());
    int indexCount = Integer.parseInt(reader.part());
    Map<String, ItemKey> indexes = LinkedHashMap.newLinkedHashMap(indexCount);
    for (int i = 0; i < indexCount; i++) {
      indexes.put(reader.part(), new ItemKey(reader.part(), reader.part()));
    }
    return new Item(key, version, indexes, reader.rest());
  }

  /** Walks over the parts of one value. One thread. */
  private static final class Reader {
    private final String text;
    private int position;

    Reader(String text) {
      this.text = text;
    }

    String part() {
      int end = text.indexOf(SEPARATOR, position);
      String part = text.substring(position, end);
      position = end + 1;
      return part;
    }

    String rest() {
      return text.substring(position);
    }
  }
}
