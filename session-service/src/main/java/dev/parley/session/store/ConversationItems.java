package dev.parley.session.store;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.DueShards;
import dev.parley.session.conversation.Conversation;
import dev.parley.session.conversation.ConversationStore;
import dev.parley.session.conversation.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Conversations as items of the table {@code library}.
 *
 * <pre>
 * partition           sort                what
 * CV#conference       META                the conversation
 * CR#tenant#row       created#conference  a conversation with that tag or category (hashed)
 * CP#tenant#identity  created#conference  a conference that somebody took part in (hashed)
 *
 * index       partition      sort                of
 * tenant      CT#tenant      created#conference  META
 * conference  CH#channel     created#conference  META
 * conference  CW#conference  identity            who took part (hashed)
 * due         CDUE#shard     due#conference      META that needs looking after
 * </pre>
 */
public final class ConversationItems implements ConversationStore {
  private static final String TENANT = "tenant";
  private static final String CONFERENCE = "conference";
  private static final String DUE = "due";
  private static final String META = "META";

  /** A filtered list looks at this many items a page at most. */
  private static final int LOOKED_AT_MAX = 1000;

  private static final int REMOVED_AT_ONCE_MAX = 500;

  private final ItemStore items;
  private final DueShards dueShards = new DueShards();

  public ConversationItems(ItemStore items) {
    this.items = items;
  }

  @Override
  public @Nullable Conversation conversation(ConferenceId id) {
    Item item = items.get(meta(id));
    return item == null ? null : conversation(item);
  }

  @Override
  public @Nullable Conversation write(Conversation conversation) {
    Conversation next = conversation.withVersion(conversation.version() + 1);
    Map<String, ItemKey> indexes = new HashMap<>();
    indexes.put(TENANT, new ItemKey("CT#" + next.tenant(), place(next)));
    String channel = next.filing().channel();
    if (channel != null) {
      indexes.put(CONFERENCE, new ItemKey(ofChannel(channel), place(next)));
    }
    Instant dueAt = next.dueAt();
    if (dueAt != null) {
      String sort = millis(dueAt) + "#" + next.conference();
      indexes.put(DUE, new ItemKey("CDUE#" + shard(next), sort));
    }
    Item item = new Item(meta(next.conference()), next.version(), indexes, ItemJson.write(next));
    WriteResult result = item.version() == 1 ? items.create(item) : items.replace(item);
    if (!(result instanceof WriteResult.Written)) {
      return null;
    }
    if (dueAt != null) {
      dueShards.wake(shard(next), dueAt);
    }
    return next;
  }

  @Override
  public boolean remove(Conversation conversation) {
    return items.delete(meta(conversation.conference()), conversation.version())
        instanceof WriteResult.Written;
  }

  @Override
  public void addRow(Conversation conversation, String row) {
    ItemKey key = new ItemKey(row(conversation.tenant(), row), place(conversation));
    // If it is there already, that is what is wanted.
    items.create(new Item(key, 1, Map.of(), ItemJson.write(new Row(conversation.conference()))));
  }

  @Override
  public void removeRow(Conversation conversation, String row) {
    // A conflict says that it is gone: it never has another version.
    items.delete(new ItemKey(row(conversation.tenant(), row), place(conversation)), 1);
  }

  @Override
  public boolean hasRow(String tenant, String row) {
    return !items.query(ItemRange.all(row(tenant, row), 1)).items().isEmpty();
  }

  @Override
  public void addVisit(String tenant, String identity, Visit visit) {
    Map<String, ItemKey> indexes =
        Map.of(CONFERENCE, new ItemKey("CW#" + visit.conference(), KeyText.hash(identity)));
    items.create(
        new Item(
            visitKey(tenant, identity, visit),
            1,
            indexes,
            ItemJson.write(new Row(visit.conference()))));
  }

  @Override
  public boolean hasVisit(String tenant, String identity, Visit visit) {
    return items.get(visitKey(tenant, identity, visit)) != null;
  }

  @Override
  public int removeVisits(String tenant, String identity, int limit) {
    List<Item> some = items.query(ItemRange.all(visits(tenant, identity), limit)).items();
    some.forEach(item -> items.delete(item.key(), item.version()));
    return some.size();
  }

  @Override
  public boolean removeVisits(ConferenceId conference) {
    ItemRange range = ItemRange.all("CW#" + conference, REMOVED_AT_ONCE_MAX);
    ItemPage page = items.queryIndex(CONFERENCE, range);
    page.items().forEach(item -> items.delete(item.key(), item.version()));
    return page.next() == null;
  }

  @Override
  public Page<Conversation> list(Selection selection, int limit, @Nullable String cursor) {
    String tenant = selection.tenant();
    if (selection.identity() != null) {
      return list(null, visits(tenant, selection.identity()), selection, limit, cursor);
    }
    if (!selection.tags().isEmpty()) {
      // In a fixed order, or a cursor would go on with another tag.
      Map.Entry<String, String> first = new TreeMap<>(selection.tags()).firstEntry();
      String tag = Conversation.tagRow(first.getKey(), first.getValue());
      return list(null, row(tenant, tag), selection, limit, cursor);
    }
    if (selection.category() != null) {
      String category = Conversation.categoryRow(selection.category());
      return list(null, row(tenant, category), selection, limit, cursor);
    }
    return selection.channel() == null
        ? list(TENANT, "CT#" + tenant, selection, limit, cursor)
        : list(CONFERENCE, ofChannel(selection.channel()), selection, limit, cursor);
  }

  @Override
  public List<Conversation> due(Instant now, int limit, IntPredicate isOurs) {
    List<Conversation> due = new ArrayList<>();
    for (int shard : dueShards.take(now, isOurs)) {
      String to = millis(now.plusMillis(1));
      ItemRange range = new ItemRange("CDUE#" + shard, null, to, false, limit, null);
      List<Item> found = items.queryIndex(DUE, range).items();
      found.forEach(item -> due.add(conversation(item)));
      if (found.size() == limit) {
        dueShards.again(shard);
      }
    }
    return due;
  }

  @Override
  public void again(Conversation conversation) {
    dueShards.again(shard(conversation));
  }

  /** Which conversation a row stands for. */
  record Row(ConferenceId conference) {}

  /** Lists from an index, or from rows if there is none. */
  private Page<Conversation> list(
      @Nullable String index,
      String partition,
      Selection selection,
      int limit,
      @Nullable String cursor) {
    ItemKey after = cursor == null ? null : new ItemKey(partition, cursor);
    ItemRange range = new ItemRange(partition, null, null, true, limit, after);
    List<Conversation> found = new ArrayList<>();
    int lookedAt = 0;
    while (true) {
      ItemPage page = index == null ? items.query(range) : items.queryIndex(index, range);
      for (Item item : page.items()) {
        Conversation conversation = index == null ? ofRow(item) : conversation(item);
        lookedAt++;
        if (conversation != null && selection.includes(conversation)) {
          found.add(conversation);
          if (found.size() == limit) {
            // Perhaps nothing follows; then the next page is empty, which is allowed.
            return new Page<>(found, place(conversation));
          }
        }
      }
      ItemKey next = page.next();
      if (next == null || lookedAt >= LOOKED_AT_MAX) {
        return new Page<>(found, next == null ? null : next.sort());
      }
      range = range.after(next);
    }
  }

  /** The conversation itself, for a row may be behind; null if it is gone, or goes on. */
  private @Nullable Conversation ofRow(Item row) {
    return conversation(ItemJson.read(row, Row.class).conference());
  }

  private static Conversation conversation(Item item) {
    return ItemJson.read(item, Conversation.class).withVersion(item.version());
  }

  private static ItemKey meta(ConferenceId id) {
    return new ItemKey("CV#" + id, META);
  }

  private static String ofChannel(String channel) {
    return "CH#" + KeyText.hash(channel);
  }

  private static String row(String tenant, String row) {
    return "CR#" + tenant + "#" + KeyText.hash(row);
  }

  private static String visits(String tenant, String identity) {
    return "CP#" + tenant + "#" + KeyText.hash(identity);
  }

  private static ItemKey visitKey(String tenant, String identity, Visit visit) {
    return new ItemKey(
        visits(tenant, identity), millis(visit.createdAt()) + "#" + visit.conference());
  }

  /** Where a conversation is in every list that has it, newest highest. */
  public static String place(Conversation conversation) {
    return millis(conversation.span().createdAt()) + "#" + conversation.conference();
  }

  private static int shard(Conversation conversation) {
    return Math.floorMod(conversation.conference().hashCode(), DueShards.COUNT);
  }

  private static String millis(Instant instant) {
    return KeyText.number(instant.toEpochMilli());
  }
}
