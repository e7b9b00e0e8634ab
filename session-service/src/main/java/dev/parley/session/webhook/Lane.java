package dev.parley.session.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far the deliveries of one lane have come. Immutable; each change makes the next one.
 *
 * @param done the sequence of the last delivery that is finished; what follows it comes next
 * @param failures how many attempts have failed since the last success
 * @param claim who works on it until {@code dueAt}, or null
 * @param dueAt when somebody must look at it, or null if nothing is to be sent
 * @param waitingSince since when there has been something to send and nothing was finished, or null
 * @param isHurried true if somebody asked for an attempt at once while one was under way
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record Lane(
    LaneKey key,
    long done,
    int failures,
    @Nullable String claim,
    @Nullable Instant dueAt,
    @Nullable Instant waitingSince,
    boolean isHurried,
    Instant changedAt,
    long version) {

  /** Longer than deliveries are kept, for these must not be found anew and sent again. */
  private static final Duration KEPT_FOR = Delivery.KEPT_FOR.plusDays(1);

  static Lane of(LaneKey key, Instant now) {
    return new Lane(key, 0, 0, null, null, null, false, now, 0);
  }

  /** Returns it with something more to send; whoever works on it finds that out. */
  Lane fed(Instant now) {
    return with(done, failures, claim, dueAt == null ? now : dueAt, isHurried, now);
  }

  /**
   * Returns it due at once. If somebody works on it, it is so as soon as that one lets go: what is
   * under way may have begun before it could succeed.
   */
  Lane hastened(Instant now) {
    if (dueAt == null) {
      return this;
    }
    return claim == null
        ? with(done, failures, null, now, false, now)
        : with(done, failures, claim, dueAt, true, now);
  }

  boolean isDue(Instant now) {
    return dueAt != null && !now.isBefore(dueAt);
  }

  Lane claimed(String claimant, Instant until, Instant now) {
    return with(done, failures, claimant, until, false, now);
  }

  /** Returns it after a delivery was finished. */
  Lane past(long sequence, boolean isDelivered, Instant until, Instant now) {
    return with(sequence, isDelivered ? 0 : failures, claim, until, false, now);
  }

  /** Returns it to be looked at later, by anybody; if somebody is in a hurry, at once. */
  Lane released(int failuresNow, Instant next, Instant now) {
    return with(done, failuresNow, null, isHurried ? now : next, false, now);
  }

  /** Returns it with nothing to send. */
  Lane idle(Instant now) {
    return with(done, failures, null, null, false, now);
  }

  /** Returns when it may be forgotten, or null while there is something to send. */
  public @Nullable Instant expiresAt() {
    return dueAt == null ? changedAt.plus(KEPT_FOR) : null;
  }

  /** Returns it with another version. */
  public Lane withVersion(long stored) {
    return new Lane(key, done, failures, claim, dueAt, waitingSince, isHurried, changedAt, stored);
  }

  private Lane with(
      long nextDone,
      int nextFailures,
      @Nullable String nextClaim,
      @Nullable Instant nextDueAt,
      boolean isHurriedNow,
      Instant now) {
    Instant waiting =
        nextDueAt == null
            ? null
            : nextDone > done ? now : Objects.requireNonNullElse(waitingSince, now);
    return new Lane(
        key, nextDone, nextFailures, nextClaim, nextDueAt, waiting, isHurriedNow, now, version);
  }
}
