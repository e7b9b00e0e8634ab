package dev.parley.session.store;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.DueShards;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.LibraryStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The Library's objects as items of the table {@code library}.
 *
 * <pre>
 * partition       sort            what
 * O#object        META            the object
 * TAG#tenant#tag  created#object  an object with that tag (hashed)
 *
 * index       partition     sort            of
 * tenant      T#tenant      created#object  META
 * conference  V#conference  created#object  META
 * due         ODUE#shard    due#object      META that needs looking after
 * </pre>
 */
public final class LibraryItems implements LibraryStore {
  private static final String TENANT = "tenant";
  private static final String CONFERENCE = "conference";
  private static final String DUE = "due";

  /** The indexes that the table must declare. */
  public static final Set<String> INDEXES = Set.of(TENANT, CONFERENCE, DUE);

  private static final String META = "META";

  /** A filtered list looks at this many items a page at most. */
  private static final int LOOKED_AT_MAX = 1000;

  private final ItemStore items;
  private final DueShards dueShards = new DueShards();

  public LibraryItems(ItemStore items) {
    this.items = items;
  }

  @Override
  public @Nullable LibraryObject object(String id) {
    Item item = items.get(meta(id));
    return item == null ? null : object(item);
  }

  @Override
  public @Nullable LibraryObject write(LibraryObject object) {
    LibraryObject next = object.withVersion(object.version() + 1);
    ItemKey key = meta(next.id());
    Map<String, ItemKey> indexes = new HashMap<>();
    indexes.put(TENANT, new ItemKey("T#" + next.tenant(), place(next)));
    ConferenceId conference = next.place().conference();
    if (conference != null) {
      indexes.put(CONFERENCE, new ItemKey("V#" + conference, place(next)));
    }
    Instant dueAt = next.progress().dueAt();
    if (dueAt != null) {
      String sort = millis(dueAt) + "#" + next.id();
      indexes.put(DUE, new ItemKey("ODUE#" + shard(next.id()), sort));
    }
    Item item = new Item(key, next.version(), indexes, ItemJson.write(next));
    WriteResult result = item.version() == 1 ? items.create(item) : items.replace(item);
    if (!(result instanceof WriteResult.Written)) {
      return null;
    }
    if (dueAt != null) {
      dueShards.wake(shard(next.id()), dueAt);
    }
    return next;
  }

  @Override
  public Page list(Selection selection, int limit, @Nullable String cursor) {
    if (!selection.tags().isEmpty()) {
      // In a fixed order, or a cursor would go on with another tag.
      Map.Entry<String, String> first = new TreeMap<>(selection.tags()).firstEntry();
      String row = LibraryObject.tagRow(first.getKey(), first.getValue());
      return list(null, tagPartition(selection.tenant(), row), selection, limit, cursor);
    }
    return selection.conference() == null
        ? list(TENANT, "T#" + selection.tenant(), selection, limit, cursor)
        : list(CONFERENCE, "V#" + selection.conference(), selection, limit, cursor);
  }

  @Override
  public Page all(int limit, @Nullable String cursor) {
    // No part of a key holds a line's end.
    int end = cursor == null ? -1 : cursor.indexOf('\n');
    ItemKey after =
        cursor == null || end < 0
            ? null
            : new ItemKey(cursor.substring(0, end), cursor.substring(end + 1));
    ItemPage page = items.scan(limit, after);
    List<LibraryObject> found = new ArrayList<>();
    for (Item item : page.items()) {
      if (item.key().partition().startsWith("O#") && item.key().sort().equals(META)) {
        found.add(object(item));
      }
    }
    ItemKey next = page.next();
    return new Page(found, next == null ? null : next.partition() + '\n' + next.sort());
  }

  @Override
  public void addTagRow(LibraryObject object, String row) {
    ItemKey key = new ItemKey(tagPartition(object.tenant(), row), place(object));
    // If it is there already, that is what is wanted.
    items.create(new Item(key, 1, Map.of(), ItemJson.write(new TagRow(object.id()))));
  }

  @Override
  public void removeTagRow(LibraryObject object, String row) {
    // A conflict says that it is gone: it never has another version.
    items.delete(new ItemKey(tagPartition(object.tenant(), row), place(object)), 1);
  }

  @Override
  public List<LibraryObject> due(Instant now, int limit, IntPredicate isOurs) {
    List<LibraryObject> due = new ArrayList<>();
    for (int shard : dueShards.take(now, isOurs)) {
      String to = millis(now.plusMillis(1));
      ItemRange range = new ItemRange("ODUE#" + shard, null, to, false, limit, null);
      List<Item> found = items.queryIndex(DUE, range).items();
      found.forEach(item -> due.add(object(item)));
      if (found.size() == limit) {
        dueShards.again(shard);
      }
    }
    return due;
  }

  @Override
  public void again(LibraryObject object) {
    dueShards.again(shard(object.id()));
  }

  /** Which object a tag row stands for. */
  record TagRow(String object) {}

  /** Lists from an index, or from tag rows if there is none. */
  private Page list(
      @Nullable String index,
      String partition,
      Selection selection,
      int limit,
      @Nullable String cursor) {
    ItemKey after = cursor == null ? null : new ItemKey(partition, cursor);
    ItemRange range = new ItemRange(partition, null, null, true, limit, after);
    List<LibraryObject> found = new ArrayList<>();
    int lookedAt = 0;
    while (true) {
      ItemPage page = index == null ? items.query(range) : items.queryIndex(index, range);
      for (Item item : page.items()) {
        LibraryObject object = index == null ? ofRow(item) : object(item);
        lookedAt++;
        if (object != null && selection.includes(object)) {
          found.add(object);
          if (found.size() == limit) {
            // Perhaps nothing follows; then the next page is empty, which is allowed.
            return new Page(found, place(object));
          }
        }
      }
      ItemKey next = page.next();
      if (next == null || lookedAt >= LOOKED_AT_MAX) {
        return new Page(found, next == null ? null : next.sort());
      }
      range = range.after(next);
    }
  }

  /** The object itself, for a row may be behind; null if it is gone. */
  private @Nullable LibraryObject ofRow(Item row) {
    return object(ItemJson.read(row, TagRow.class).object());
  }

  private static LibraryObject object(Item item) {
    return ItemJson.read(item, LibraryObject.class).withVersion(item.version());
  }

  private static ItemKey meta(String id) {
    // The id comes from outside, and not all text fits a key.
    return new ItemKey("O#" + KeyText.hash(id), META);
  }

  private static String tagPartition(String tenant, String row) {
    return "TAG#" + tenant + "#" + KeyText.hash(row);
  }

  /** Where an object is in every list that has it, newest highest. */
  public static String place(LibraryObject object) {
    return millis(object.progress().createdAt()) + "#" + object.id();
  }

  private static int shard(String id) {
    return Math.floorMod(id.hashCode(), DueShards.COUNT);
  }

  private static String millis(Instant instant) {
    return KeyText.number(instant.toEpochMilli());
  }
}
