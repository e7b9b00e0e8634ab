package dev.parley.session.conversation;

import dev.parley.session.conference.ContendedException;
import dev.parley.session.conference.RetentionRule;
import dev.parley.session.library.ChannelRules;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A tenant's channels and who belongs to them. Thread-safe; blocks on the store. */
public final class Channels implements ChannelRules {
  private static final int ATTEMPTS_MAX = 20;
  private static final int ERASED_AT_ONCE = 100;

  private final ChannelStore store;
  private final FilingIds ids;
  private final Clock clock;
  private final Consumer<String> rejudge;

  /**
   * Takes what it needs.
   *
   * @param rejudge has what a tenant has looked at again soon: rules for how long it is kept are
   *     about to change
   */
  public Channels(ChannelStore store, FilingIds ids, Clock clock, Consumer<String> rejudge) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
    this.rejudge = rejudge;
  }

  /**
   * Something that was made.
   *
   * @param isReplayed true if an earlier request made it
   */
  public record Made<T>(T value, boolean isReplayed) {}

  /**
   * A request to make a channel.
   *
   * @param region in whose library its names are to be; null for the primary's
   * @param idempotencyKey null if a repetition is to make another
   * @param hash of everything in it that matters
   */
  public record Request(@Nullable String region, @Nullable String idempotencyKey, String hash) {}

  /** Makes a channel, or answers what an earlier request with the same key made. */
  public Outcome<Made<Channel>> create(String tenant, Channel.Draft draft, Request request) {
    String key = request.idempotencyKey();
    String id = ids.channel(tenant, key, request.region());
    if (key != null) {
      for (String other : ids.elsewhere(tenant, id)) {
        Channel there = store.channel(other);
        if (there != null) {
          return replay(there, request.hash());
        }
      }
    }
    Channel written = store.write(Channel.create(id, tenant, draft, request.hash(), now()));
    return written == null
        ? replay(store.channel(id), request.hash())
        : new Outcome.Done<>(new Made<>(written, false));
  }

  private static Outcome<Made<Channel>> replay(@Nullable Channel there, String requestHash) {
    return there == null || !there.requestHash().equals(requestHash)
        ? new Outcome.Refused<>(new FilingRefusal.KeyReused())
        : new Outcome.Done<>(new Made<>(there, true));
  }

  /** Returns a channel of a tenant that is not deleted; null if there is none. */
  public @Nullable Channel find(String tenant, String id) {
    Channel channel = store.channel(id);
    return channel == null || !channel.tenant().equals(tenant) || channel.removedAt() != null
        ? null
        : channel;
  }

  /** Returns a tenant's channels, newest first, which have all of the tags. */
  public Page<Channel> list(
      String tenant, Map<String, String> tags, int limit, @Nullable String cursor) {
    return store.channels(tenant, tags, limit, cursor);
  }

  /**
   * Changes what a channel is called, and its rules.
   *
   * @param expected the version that the caller saw, or null for any
   */
  public Outcome<Channel> change(
      String tenant, String id, Channel.Draft draft, @Nullable Long expected) {
    Channel now = find(tenant, id);
    if (now != null && !now.retention().equals(draft.retention())) {
      // Before it is stored: should this break off, there is a look for nothing.
      rejudge.accept(tenant);
    }
    return change(tenant, id, expected, channel -> channel.with(draft));
  }

  /** Puts a channel on hold, or ends that. Again is done too. */
  public Outcome<Channel> hold(String tenant, String id, boolean isOnHold) {
    return change(tenant, id, null, channel -> channel.held(isOnHold));
  }

  /** Deletes a channel. What is filed in it stays, keeps to its rules, and has no members. */
  public Outcome<Channel> remove(String tenant, String id, @Nullable Long expected) {
    Channel channel = find(tenant, id);
    if (channel != null && channel.isHeld()) {
      return new Outcome.Refused<>(new FilingRefusal.Held("channel"));
    }
    Instant now = now();
    return change(tenant, id, expected, before -> before.isHeld() ? before : before.removed(now));
  }

  private Outcome<Channel> change(
      String tenant, String id, @Nullable Long expected, UnaryOperator<Channel> change) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Channel before = find(tenant, id);
      if (before == null) {
        return new Outcome.Refused<>(new FilingRefusal.NotFound("channel"));
      }
      if (expected != null && expected != before.version()) {
        return new Outcome.Refused<>(new FilingRefusal.VersionMismatch(before.version()));
      }
      Channel next = change.apply(before);
      Channel written = next.equals(before) ? before : store.write(next);
      if (written != null) {
        return new Outcome.Done<>(written);
      }
    }
    throw new ContendedException("channel " + id);
  }

  /** Adds somebody to a channel that is there, or gives them another role. */
  public Made<Member> add(Channel channel, String identity, MemberRole role) {
    String id = FilingIds.member(channel.id(), identity);
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Member before = store.member(channel.id(), id);
      if (before != null && before.role() == role) {
        return new Made<>(before, true);
      }
      Member next =
          before == null
              ? new Member(channel.id(), channel.tenant(), id, identity, role, now(), 0)
              : before.in(role);
      Member written = store.write(next);
      if (written != null) {
        return new Made<>(written, before != null);
      }
    }
    throw new ContendedException("member " + id);
  }

  /** Returns in which role an identity is in a channel; null if it is not. */
  public @Nullable MemberRole roleOf(String tenant, String channel, String identity) {
    if (find(tenant, channel) == null) {
      return null;
    }
    Member member = store.member(channel, FilingIds.member(channel, identity));
    return member == null ? null : member.role();
  }

  /** Takes a member out of a channel; returns false if there is none of that id. */
  public boolean dismiss(Channel channel, String id) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Member member = store.member(channel.id(), id);
      if (member == null || store.remove(member)) {
        return member != null;
      }
    }
    throw new ContendedException("member " + id);
  }

  /** Returns a channel's members. */
  public Page<Member> members(Channel channel, int limit, @Nullable String cursor) {
    return store.members(channel.id(), limit, cursor);
  }

  /**
   * Takes a person out of all channels of a tenant. May be repeated.
   *
   * @return out of how many
   */
  public int erasePerson(String tenant, String identity) {
    int count = 0;
    List<Member> some = store.memberships(tenant, identity, ERASED_AT_ONCE);
    while (!some.isEmpty()) {
      int before = count;
      for (Member member : some) {
        count += store.remove(member) ? 1 : 0;
      }
      if (count == before) {
        // Somebody else removes them, or the index is behind.
        return count;
      }
      some = store.memberships(tenant, identity, ERASED_AT_ONCE);
    }
    return count;
  }

  @Override
  public @Nullable String residencyOf(String channel) {
    Channel there = store.channel(channel);
    return there == null ? null : there.residency();
  }

  @Override
  public RetentionRule retentionOf(String channel) {
    Channel there = store.channel(channel);
    return there == null ? RetentionRule.NONE : there.retention();
  }

  @Override
  public boolean isHeld(String channel) {
    Channel there = store.channel(channel);
    return there != null && there.isHeld();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
