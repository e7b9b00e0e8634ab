package dev.parley.session.store.embedded;

import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemPage;
import dev.parley.session.store.ItemRange;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * One table of an {@link EmbeddedStore}: an entry for each item, and an empty one for each index it
 * is in, whose key ends with the item's. They are written together or not at all. Thread-safe.
 */
public final class EmbeddedItemStore implements ItemStore {
  private static final char ITEMS = '\0';
  private static final char INDEX = '\1';
  private static final char SEPARATOR = '\0';

  private final EmbeddedStore store;
  private final String name;
  private final Set<String> indexes;
  private final String prefix;

  EmbeddedItemStore(EmbeddedStore store, String name, Set<String> indexes) {
    this.store = store;
    this.name = name;
    this.indexes = Set.copyOf(indexes);
    this.prefix = name + ITEMS;
  }

  @Override
  public @Nullable Item get(ItemKey key) {
    return store.read(key.partition(), file -> Optional.ofNullable(read(file, key))).orElse(null);
  }

  @Override
  public WriteResult create(Item item) {
    if (item.version() != 1) {
      throw new IllegalArgumentException("a new item's version is 1, not " + item.version());
    }
    return put(item);
  }

  @Override
  public WriteResult replace(Item item) {
    if (item.version() < 2) {
      throw new IllegalArgumentException("a replacement's version is 2 or more");
    }
    return put(item);
  }

  private WriteResult put(Item item) {
    item.indexes().keySet().forEach(this::requireDeclared);
    byte[] value = ItemText.value(item);
    return store.write(pending -> {
      Item current = current(pending, item.key());
      long currentVersion = current == null ? 0 : current.version();
      if (currentVersion != item.version() - 1) {
        return new WriteResult.Conflict(current);
      }
      if (current != null) {
        unindex(pending, current, item.indexes());
      }
      pending.put(text(item.key()), value);
      for (Map.Entry<String, ItemKey> entry : item.indexes().entrySet()) {
        pending.index(text(entry, item.key()));
      }
      return new WriteResult.Written();
    });
  }

  @Override
  public WriteResult delete(ItemKey key, long version) {
    return store.write(pending -> {
      Item current = current(pending, key);
      if (current == null || current.version() != version) {
        return new WriteResult.Conflict(current);
      }
      unindex(pending, current, Map.of());
      pending.delete(text(key));
      return new WriteResult.Written();
    });
  }

  /** Takes an item out of indexes, but for where it is to be again. */
  private void unindex(Pending pending, Item item, Map<String, ItemKey> again)
      throws RocksDBException {
    for (Map.Entry<String, ItemKey> entry : item.indexes().entrySet()) {
      if (!entry.getValue().equals(again.get(entry.getKey()))) {
        pending.unindex(text(entry, item.key()));
      }
    }
  }

  @Override
  public ItemPage query(ItemRange range) {
    String partition = prefix + range.partition() + SEPARATOR;
    return page(KeyRange.of(partition, range), range.limit());
  }

  @Override
  public ItemPage scan(int limit, @Nullable ItemKey after) {
    ItemRange.requireLimit(limit);
    return page(KeyRange.of(prefix, after == null ? null : text(after)), limit);
  }

  private ItemPage page(KeyRange keys, int limit) {
    List<Item> found = new ArrayList<>();
    return store.read(
        name,
        file -> {
          keys.read(
              file,
              (key, value) -> {
                ItemKey itemKey = ItemText.key(key.substring(prefix.length()));
                found.add(ItemText.item(itemKey, value));
                return found.size() <= limit;
              });
          return ItemPage.of(found, limit, Item::key);
        });
  }

  @Override
  public ItemPage queryIndex(String index, ItemRange range) {
    requireDeclared(index);
    String partition = prefix(index) + range.partition() + SEPARATOR;
    List<Item> found = new ArrayList<>();
    return store.read(
        name,
        file -> {
          KeyRange.of(partition, range)
              .read(
                  file,
                  (key, _) -> {
                    int sortEnd = key.indexOf(SEPARATOR, partition.length());
                    Item item = read(file, ItemText.key(key.substring(sortEnd + 1)));
                    // The entry may be older than the item by now.
                    if (item != null && text(index, item).equals(key)) {
                      found.add(item);
                    }
                    return found.size() <= range.limit();
                  });
          return ItemPage.of(found, range.limit(), item -> item.indexes().get(index));
        });
  }

  private @Nullable Item read(RocksDB file, ItemKey key) throws RocksDBException {
    byte[] value = file.get(KeyRange.bytes(text(key)));
    return value == null ? null : ItemText.item(key, value);
  }

  private @Nullable Item current(Pending pending, ItemKey key) throws RocksDBException {
    byte[] value = pending.get(text(key));
    return value == null ? null : ItemText.item(key, value);
  }

  private void requireDeclared(String index) {
    if (!indexes.contains(index)) {
      throw new IllegalArgumentException("this table has no index " + index);
    }
  }

  private String text(ItemKey key) {
    return prefix + ItemText.key(key);
  }

  private String prefix(String index) {
    return name + INDEX + index + SEPARATOR;
  }

  private String text(Map.Entry<String, ItemKey> entry, ItemKey item) {
    return prefix(entry.getKey()) + ItemText.key(entry.getValue()) + SEPARATOR + ItemText.key(item);
  }

  private String text(String index, Item item) {
    ItemKey key = item.indexes().get(index);
    return key == null ? "" : text(Map.entry(index, key), item.key());
  }
}
