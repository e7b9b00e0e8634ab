package dev.parley.session.store.embedded;

import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemPage;
import dev.parley.session.store.ItemRange;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.WriteResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * One table of an {@link EmbeddedStore}. Only the items are on disk: an item is then one entry of
 * one map, and no crash can leave an index that disagrees with it. Thread-safe.
 */
public final class EmbeddedItemStore implements ItemStore {
  private final EmbeddedStore store;
  private final MVMap<String, String> items;
  private final Map<String, ConcurrentNavigableMap<ItemKey, ItemKey>> indexes = new HashMap<>();

  EmbeddedItemStore(EmbeddedStore store, MVMap<String, String> items, Set<String> indexNames) {
    this.store = store;
    this.items = items;
    for (String name : indexNames) {
      indexes.put(name, new ConcurrentSkipListMap<>());
    }
    int _ = forEach(this::index);
  }

  /** Shows all items, as they are at the beginning, and returns how many. May take long. */
  int forEach(Consumer<Item> reader) {
    return store.read(
        items.getName(),
        () -> {
          int count = 0;
          for (Cursor<String, String> cursor = items.cursor(null); cursor.hasNext(); count++) {
            String key = cursor.next();
            reader.accept(ItemText.item(key, cursor.getValue()));
          }
          return count;
        });
  }

  @Override
  public @Nullable Item get(ItemKey key) {
    return store.read(key.partition(), () -> read(key));
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

  @Override
  public WriteResult delete(ItemKey key, long version) {
    return store.write(
        key,
        () -> {
          Item current = read(key);
          if (current == null || current.version() != version) {
            return new WriteResult.Conflict(current);
          }
          items.remove(ItemText.key(key));
          unindex(current);
          return new WriteResult.Written();
        });
  }

  @Override
  public ItemPage query(ItemRange range) {
    return store.read(range.partition(), () -> ItemPage.of(found(range), range.limit(), Item::key));
  }

  private List<Item> found(ItemRange range) {
    ItemKey from = new ItemKey(range.partition(), range.from() == null ? " " : range.from());
    List<Item> page = new ArrayList<>();
    Iterator<String> keys = keys(range, from);
    while (keys.hasNext() && page.size() <= range.limit()) {
      ItemKey key = ItemText.key(keys.next());
      if (!key.partition().equals(range.partition())) {
        break;
      }
      Item item = range.holds(key) ? read(key) : null;
      if (item != null) {
        page.add(item);
      }
    }
    return page;
  }

  @Override
  public ItemPage queryIndex(String index, ItemRange range) {
    return store.read(
        range.partition(),
        () -> ItemPage.of(found(index, range), range.limit(), item -> item.indexes().get(index)));
  }

  private List<Item> found(String index, ItemRange range) {
    NavigableMap<ItemKey, ItemKey> entries = declared(index);
    if (range.isEmpty()) {
      return List.of();
    }
    List<Item> page = new ArrayList<>();
    NavigableMap<ItemKey, ItemKey> wanted =
        entries.subMap(first(range), true, last(range), range.to() == null);
    for (Map.Entry<ItemKey, ItemKey> entry :
        (range.descending() ? wanted.descendingMap() : wanted).entrySet()) {
      if (page.size() > range.limit()) {
        break;
      }
      Item item = range.holds(entry.getKey()) ? read(entry.getValue()) : null;
      // The entry may be older than the item by now.
      if (item != null && entry.getKey().equals(item.indexes().get(index))) {
        page.add(item);
      }
    }
    return page;
  }

  @Override
  public ItemPage scan(int limit, @Nullable ItemKey after) {
    ItemRange.requireLimit(limit);
    return store.read("scan", () -> ItemPage.of(found(limit, after), limit, Item::key));
  }

  private List<Item> found(int limit, @Nullable ItemKey after) {
    List<Item> page = new ArrayList<>();
    String from = after == null ? null : items.higherKey(ItemText.key(after));
    if (after == null || from != null) {
      for (Cursor<String, String> cursor = items.cursor(from);
          cursor.hasNext() && page.size() <= limit; ) {
        String key = cursor.next();
        page.add(ItemText.item(key, cursor.getValue()));
      }
    }
    return page;
  }

  private WriteResult put(Item item) {
    item.indexes().keySet().forEach(this::declared);
    return store.write(
        item.key(),
        () -> {
          Item current = read(item.key());
          long currentVersion = current == null ? 0 : current.version();
          if (currentVersion != item.version() - 1) {
            return new WriteResult.Conflict(current);
          }
          items.put(ItemText.key(item.key()), ItemText.value(item));
          if (current != null) {
            unindex(current);
          }
          index(item);
          return new WriteResult.Written();
        });
  }

  private @Nullable Item read(ItemKey key) {
    String text = ItemText.key(key);
    String value = items.get(text);
    return value == null ? null : ItemText.item(text, value);
  }

  private void index(Item item) {
    item.indexes().forEach((index, key) -> declared(index).put(key, item.key()));
  }

  private void unindex(Item item) {
    item.indexes().forEach((index, key) -> declared(index).remove(key, item.key()));
  }

  private ConcurrentNavigableMap<ItemKey, ItemKey> declared(String index) {
    ConcurrentNavigableMap<ItemKey, ItemKey> entries = indexes.get(index);
    if (entries == null) {
      throw new IllegalArgumentException("this table has no index " + index);
    }
    return entries;
  }

  private Iterator<String> keys(ItemRange range, ItemKey from) {
    ItemKey after = range.after();
    if (!range.descending()) {
      return items.cursor(ItemText.key(after == null ? from : after), null, false);
    }
    String start = ItemText.key(after == null ? last(range) : after);
    // A reverse cursor starts at the key at or below its start.
    return items.isEmpty() ? Collections.emptyIterator() : items.cursor(start, null, true);
  }

  private static ItemKey first(ItemRange range) {
    return new ItemKey(range.partition(), range.from() == null ? " " : range.from());
  }

  private static ItemKey last(ItemRange range) {
    String top = "~".repeat(ItemKey.LENGTH_MAX);
    return new ItemKey(range.partition(), range.to() == null ? top : range.to());
  }
}
