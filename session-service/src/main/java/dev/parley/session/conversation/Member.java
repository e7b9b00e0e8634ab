package dev.parley.session.conversation;

import java.time.Instant;

/**
 * Somebody who belongs to a channel, and so may see what is filed in it. Immutable.
 *
 * @param id by which it is named in paths; each identity of a channel has its own
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record Member(
    String channel,
    String tenant,
    String id,
    String identity,
    MemberRole role,
    Instant addedAt,
    long version) {

  Member in(MemberRole next) {
    return new Member(channel, tenant, id, identity, next, addedAt, version);
  }

  /** Returns it with another version. */
  public Member withVersion(long stored) {
    return new Member(channel, tenant, id, identity, role, addedAt, stored);
  }

  /** Logs must not have the identity. */
  @Override
  public String toString() {
    return "Member[" + id + " of " + channel + "]";
  }
}
