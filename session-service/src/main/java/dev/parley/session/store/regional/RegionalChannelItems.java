package dev.parley.session.store.regional;

import dev.parley.session.conversation.Channel;
import dev.parley.session.conversation.ChannelStore;
import dev.parley.session.conversation.Member;
import dev.parley.session.conversation.Page;
import dev.parley.session.store.ChannelItems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Channels and their members, each in the library that the channel's id names, in one list for
 * their tenant. Thread-safe.
 */
public final class RegionalChannelItems implements ChannelStore {
  private final Libraries<ChannelItems> libraries;

  public RegionalChannelItems(Libraries<ChannelItems> libraries) {
    this.libraries = libraries;
  }

  @Override
  public @Nullable Channel channel(String id) {
    return libraries.of(id).channel(id);
  }

  @Override
  public @Nullable Channel write(Channel channel) {
    return libraries.of(channel.id()).write(channel);
  }

  @Override
  public Page<Channel> channels(
      String tenant, Map<String, String> tags, int limit, @Nullable String cursor) {
    List<ListPart<Channel>> parts =
        libraries.ofTenant(tenant).stream()
            .map(items -> items.channels(tenant, tags, limit, cursor))
            .map(page -> new ListPart<>(page.entries(), page.next()))
            .toList();
    ListPart<Channel> all = ListPart.merged(parts, limit, ChannelItems::place);
    return new Page<>(all.entries(), all.next());
  }

  @Override
  public @Nullable Member member(String channel, String id) {
    return libraries.of(channel).member(channel, id);
  }

  @Override
  public @Nullable Member write(Member member) {
    return libraries.of(member.channel()).write(member);
  }

  @Override
  public boolean remove(Member member) {
    return libraries.of(member.channel()).remove(member);
  }

  @Override
  public Page<Member> members(String channel, int limit, @Nullable String cursor) {
    return libraries.of(channel).members(channel, limit, cursor);
  }

  @Override
  public List<Member> memberships(String tenant, String identity, int limit) {
    List<Member> some = new ArrayList<>();
    for (ChannelItems items : libraries.ofTenant(tenant)) {
      if (some.size() < limit) {
        some.addAll(items.memberships(tenant, identity, limit - some.size()));
      }
    }
    return some;
  }
}
