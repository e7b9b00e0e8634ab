package dev.parley.session.conversation;

import dev.parley.session.conference.RetentionRule;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A channel as the store holds it: where a tenant files conversations that belong together.
 * Immutable; each change makes the next one, which is stored only if nobody stored another in
 * between.
 *
 * @param residency the residency policy that all in it must keep to, or null
 * @param retention how long what is in it is kept, where nothing nearer says so
 * @param isHeld true if nothing in it may be erased for now
 * @param removedAt when it was deleted; what was in it keeps to its rules
 * @param requestHash of the body it was made with, to tell a repeated create from another
 * @param version counts the stored changes, all of which callers see; 0 if it is not stored yet
 */
public record Channel(
    String id,
    String tenant,
    Label label,
    @Nullable String residency,
    RetentionRule retention,
    boolean isHeld,
    Instant createdAt,
    @Nullable Instant removedAt,
    String requestHash,
    long version) {
  public Channel {
    // Channels of the first days have none.
    retention = Objects.requireNonNullElse(retention, RetentionRule.NONE);
  }

  /** What a caller may say of a channel. */
  public record Draft(Label label, @Nullable String residency, RetentionRule retention) {}

  static Channel create(String id, String tenant, Draft draft, String requestHash, Instant now) {
    return new Channel(
        id,
        tenant,
        draft.label(),
        draft.residency(),
        draft.retention(),
        false,
        now,
        null,
        requestHash,
        0);
  }

  /** Returns what callers may change of it. */
  public Draft draft() {
    return new Draft(label, residency, retention);
  }

  Channel with(Draft next) {
    return new Channel(
        id,
        tenant,
        next.label(),
        next.residency(),
        next.retention(),
        isHeld,
        createdAt,
        removedAt,
        requestHash,
        version);
  }

  Channel held(boolean isOnHold) {
    return new Channel(
        id,
        tenant,
        label,
        residency,
        retention,
        isOnHold,
        createdAt,
        removedAt,
        requestHash,
        version);
  }

  /** Returns it deleted: without what it was called. */
  Channel removed(Instant now) {
    return new Channel(
        id, tenant, Label.NONE, residency, retention, isHeld, createdAt, now, requestHash, version);
  }

  /** Returns it with another version. */
  public Channel withVersion(long stored) {
    return new Channel(
        id, tenant, label, residency, retention, isHeld, createdAt, removedAt, requestHash, stored);
  }
}
