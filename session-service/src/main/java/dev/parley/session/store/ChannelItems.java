package dev.parley.session.store;

import dev.parley.session.conversation.Channel;
import dev.parley.session.conversation.ChannelStore;
import dev.parley.session.conversation.Member;
import dev.parley.session.conversation.Page;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Channels and their members as items of the table {@code library}.
 *
 * <pre>
 * partition  sort      what
 * H#channel  META      the channel
 * H#channel  M#member  somebody in it
 *
 * index   partition           sort             of
 * tenant  HT#tenant           created#channel  META, unless it is deleted
 * tenant  HM#tenant#identity  channel          members (the identity hashed)
 * </pre>
 */
public final class ChannelItems implements ChannelStore {
  private static final String TENANT = "tenant";
  private static final String META = "META";
  private static final String MEMBER = "M#";
  private static final String AFTER_MEMBERS = "M$";

  /** A filtered list looks at this many items a page at most. */
  private static final int LOOKED_AT_MAX = 1000;

  private final ItemStore items;

  public ChannelItems(ItemStore items) {
    this.items = items;
  }

  @Override
  public @Nullable Channel channel(String id) {
    Item item = items.get(new ItemKey(partition(id), META));
    return item == null ? null : channel(item);
  }

  @Override
  public @Nullable Channel write(Channel channel) {
    Channel next = channel.withVersion(channel.version() + 1);
    Map<String, ItemKey> indexes = new HashMap<>();
    if (next.removedAt() == null) {
      indexes.put(TENANT, new ItemKey("HT#" + next.tenant(), place(next)));
    }
    ItemKey key = new ItemKey(partition(next.id()), META);
    return put(new Item(key, next.version(), indexes, ItemJson.write(next))) ? next : null;
  }

  @Override
  public Page<Channel> channels(
      String tenant, Map<String, String> tags, int limit, @Nullable String cursor) {
    String partition = "HT#" + tenant;
    ItemKey after = cursor == null ? null : new ItemKey(partition, cursor);
    ItemRange range = new ItemRange(partition, null, null, true, limit, after);
    List<Channel> found = new ArrayList<>();
    int lookedAt = 0;
    while (true) {
      ItemPage page = items.queryIndex(TENANT, range);
      for (Item item : page.items()) {
        Channel channel = channel(item);
        lookedAt++;
        if (channel.label().tags().entrySet().containsAll(tags.entrySet())) {
          found.add(channel);
          if (found.size() == limit) {
            // Perhaps nothing follows; then the next page is empty, which is allowed.
            return new Page<>(found, place(channel));
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

  @Override
  public @Nullable Member member(String channel, String id) {
    Item item = items.get(memberKey(channel, id));
    return item == null ? null : member(item);
  }

  @Override
  public @Nullable Member write(Member member) {
    Member next = member.withVersion(member.version() + 1);
    Map<String, ItemKey> indexes =
        Map.of(TENANT, new ItemKey(memberships(next.tenant(), next.identity()), next.channel()));
    ItemKey key = memberKey(next.channel(), next.id());
    return put(new Item(key, next.version(), indexes, ItemJson.write(next))) ? next : null;
  }

  @Override
  public boolean remove(Member member) {
    return items.delete(memberKey(member.channel(), member.id()), member.version())
        instanceof WriteResult.Written;
  }

  @Override
  public Page<Member> members(String channel, int limit, @Nullable String cursor) {
    String partition = partition(channel);
    ItemKey after = cursor == null ? null : new ItemKey(partition, cursor);
    ItemPage page =
        items.query(new ItemRange(partition, MEMBER, AFTER_MEMBERS, false, limit, after));
    ItemKey next = page.next();
    return new Page<>(
        page.items().stream().map(ChannelItems::member).toList(),
        next == null ? null : next.sort());
  }

  @Override
  public List<Member> memberships(String tenant, String identity, int limit) {
    ItemRange range = ItemRange.all(memberships(tenant, identity), limit);
    return items.queryIndex(TENANT, range).items().stream().map(ChannelItems::member).toList();
  }

  private boolean put(Item item) {
    WriteResult result = item.version() == 1 ? items.create(item) : items.replace(item);
    return result instanceof WriteResult.Written;
  }

  private static Channel channel(Item item) {
    return ItemJson.read(item, Channel.class).withVersion(item.version());
  }

  private static Member member(Item item) {
    return ItemJson.read(item, Member.class).withVersion(item.version());
  }

  private static ItemKey memberKey(String channel, String id) {
    return new ItemKey(partition(channel), MEMBER + KeyText.hash(id));
  }

  /** The id comes from outside, and not all text fits a key. */
  private static String partition(String channel) {
    return "H#" + KeyText.hash(channel);
  }

  private static String memberships(String tenant, String identity) {
    return "HM#" + tenant + "#" + KeyText.hash(identity);
  }

  /** Where a channel is in every list that has it, newest highest. */
  public static String place(Channel channel) {
    return KeyText.number(channel.createdAt().toEpochMilli()) + "#" + channel.id();
  }
}
