package dev.parley.session.erasure;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One wish that nothing be kept of a person, and what came of it. Immutable; each change makes the
 * next one.
 *
 * @param pseudonym what the person is called where the identity must not be read
 * @param subject the identity, until it is done
 * @param walk how far it has come, or null once it is done
 * @param isInterrupted true if work on it broke off, by a node's death or the store's: what was
 *     just erased then is not counted
 * @param dueAt when somebody must look at it; once it is done, when it may be forgotten
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record Erasure(
    String id,
    String tenant,
    String pseudonym,
    @Nullable String subject,
    Instant requestedAt,
    @Nullable Walk walk,
    Findings findings,
    boolean isInterrupted,
    @Nullable Instant finishedAt,
    Instant dueAt,
    long version) {

  /**
   * A walk through all conferences of the tenant.
   *
   * @param isSecond true if it looks for what was being written during the first
   * @param cursor where it goes on, or null at the beginning
   * @param isTaken true while somebody works on it
   */
  public record Walk(boolean isSecond, @Nullable String cursor, boolean isTaken) {}

  static Erasure wished(String id, String tenant, String pseudonym, String subject, Instant now) {
    return new Erasure(
        id,
        tenant,
        pseudonym,
        subject,
        now,
        new Walk(false, null, false),
        Findings.NONE,
        false,
        null,
        now,
        0);
  }

  /** Returns true once nothing is left to be done. */
  public boolean isDone() {
    return finishedAt != null;
  }

  /** Returns it being worked on until then. */
  Erasure taken(Walk now, Instant until) {
    return with(
        new Walk(now.isSecond(), now.cursor(), true),
        findings,
        isInterrupted || now.isTaken(),
        until);
  }

  /** Returns it further on. */
  Erasure at(Walk next, Findings all, Instant due) {
    return with(next, all, isInterrupted, due);
  }

  /** Returns it done, without the identity. */
  Erasure done(Findings all, Instant now, Instant forgetAt) {
    return new Erasure(
        id, tenant, pseudonym, null, requestedAt, null, all, isInterrupted, now, forgetAt, version);
  }

  /** Returns it with another version. */
  public Erasure withVersion(long stored) {
    return new Erasure(
        id,
        tenant,
        pseudonym,
        subject,
        requestedAt,
        walk,
        findings,
        isInterrupted,
        finishedAt,
        dueAt,
        stored);
  }

  private Erasure with(Walk next, Findings all, boolean interrupted, Instant due) {
    return new Erasure(
        id,
        tenant,
        pseudonym,
        subject,
        requestedAt,
        next,
        all,
        interrupted,
        finishedAt,
        due,
        version);
  }

  /** Logs must not have the identity. */
  @Override
  public String toString() {
    return "Erasure[" + id + "]";
  }
}
