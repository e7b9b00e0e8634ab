package dev.parley.session.store.dynamo;

import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How an item lies in a table: its key in {@code pk} and {@code sk}, its version in {@code ver},
 * its JSON in {@code body}, its key in each index in {@code INDEX-pk} and {@code INDEX-sk}; and in
 * {@code write} which write made it, so that who lost the answer can tell his own from another's.
 */
final class ItemAttributes {
  static final String PARTITION = "pk";
  static final String SORT = "sk";
  static final String VERSION = "ver";
  private static final String BODY = "body";
  private static final String WRITE = "write";

  private ItemAttributes() {}

  static String partition(String index) {
    return index + "-" + PARTITION;
  }

  static String sort(String index) {
    return index + "-" + SORT;
  }

  static Map<String, AttributeValue> key(ItemKey key) {
    return Map.of(PARTITION, text(key.partition()), SORT, text(key.sort()));
  }

  static Map<String, AttributeValue> of(Item item, String write) {
    Map<String, AttributeValue> attributes = new HashMap<>(key(item.key()));
    attributes.put(VERSION, number(item.version()));
    attributes.put(BODY, text(item.body()));
    attributes.put(WRITE, text(write));
    item.indexes()
        .forEach((index, key) -> {
          attributes.put(partition(index), text(key.partition()));
          attributes.put(sort(index), text(key.sort()));
        });
    return attributes;
  }

  static Item item(Map<String, AttributeValue> attributes, Set<String> indexes) {
    Map<String, ItemKey> keys = HashMap.newHashMap(indexes.size());
    for (String index : indexes) {
      AttributeValue partition = attributes.get(partition(index));
      if (partition != null) {
        keys.put(index, new ItemKey(partition.s(), string(attributes, sort(index))));
      }
    }
    return new Item(
        new ItemKey(string(attributes, PARTITION), string(attributes, SORT)),
        version(attributes),
        keys,
        string(attributes, BODY));
  }

  static long version(Map<String, AttributeValue> attributes) {
    return Long.parseLong(present(attributes, VERSION).n());
  }

  /** Which write made this, or null if it is not one of ours. */
  static @Nullable String write(Map<String, AttributeValue> attributes) {
    AttributeValue write = attributes.get(WRITE);
    return write == null ? null : write.s();
  }

  static AttributeValue text(String text) {
    return AttributeValue.fromS(text);
  }

  static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }

  private static String string(Map<String, AttributeValue> attributes, String name) {
    return present(attributes, name).s();
  }

  private static AttributeValue present(Map<String, AttributeValue> attributes, String name) {
    AttributeValue value = attributes.get(name);
    if (value == null) {
      throw new IllegalStateException("an item has no " + name + ": " + attributes.keySet());
    }
    return value;
  }
}
