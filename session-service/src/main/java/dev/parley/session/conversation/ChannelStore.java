package dev.parley.session.conversation;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where channels and their members are kept. Each method touches one record; a write stores it only
 * if the stored one still has the version that was read (0: if there is none), and returns it with
 * its new version, or null if somebody was faster. Thread-safe; blocks.
 */
public interface ChannelStore {

  /** Returns a channel, deleted or not. */
  @Nullable Channel channel(String id);

  @Nullable Channel write(Channel channel);

  /** Lists a tenant's channels that are not deleted, newest first, which have all of the tags. */
  Page<Channel> channels(
      String tenant, Map<String, String> tags, int limit, @Nullable String cursor);

  /** Returns a member by its id. */
  @Nullable Member member(String channel, String id);

  @Nullable Member write(Member member);

  /** Removes a member; returns false if somebody changed or removed it. */
  boolean remove(Member member);

  /** Lists a channel's members, in no order that means something. */
  Page<Member> members(String channel, int limit, @Nullable String cursor);

  /** Returns some of the memberships that an identity has. */
  List<Member> memberships(String tenant, String identity, int limit);
}
