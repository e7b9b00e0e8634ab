package dev.parley.session.library;

import dev.parley.session.conference.RetentionRule;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * For how long what a tenant has is kept, where nothing nearer says so; and how far what is there
 * already has been looked at since such a rule of the tenant's has changed. Immutable; each change
 * makes the next one.
 *
 * @param updatedAt when the tenant changed it
 * @param revision counts the changes that a caller sees; 0 if nothing was ever said
 * @param isRemoved true if nothing is said any more
 * @param walk what is still to be looked at, or null for nothing
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record TenantRetention(
    String tenant,
    RetentionRule rule,
    Instant updatedAt,
    long revision,
    boolean isRemoved,
    @Nullable Walk walk,
    long version) {

  /**
   * A walk through all objects of the tenant.
   *
   * @param cursor where it goes on, or null at the beginning
   * @param dueAt when somebody goes on with it, unless another does so now
   */
  public record Walk(@Nullable String cursor, Instant dueAt) {}

  /** Nothing is said of a tenant, and nothing is to be looked at. */
  static TenantRetention none(String tenant, Instant now) {
    return new TenantRetention(tenant, RetentionRule.NONE, now, 0, true, null, 0);
  }

  TenantRetention saying(RetentionRule next, boolean removed, Instant now) {
    return new TenantRetention(tenant, next, now, revision + 1, removed, walk, version);
  }

  TenantRetention walking(@Nullable Walk next) {
    return new TenantRetention(tenant, rule, updatedAt, revision, isRemoved, next, version);
  }

  /** Returns it with another version. */
  public TenantRetention withVersion(long stored) {
    return new TenantRetention(tenant, rule, updatedAt, revision, isRemoved, walk, stored);
  }
}
