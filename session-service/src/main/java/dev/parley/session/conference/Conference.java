package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One conference as the store holds it. Immutable; each change makes the next one, which is stored
 * only if nobody stored another in between.
 *
 * @param alias another name, unique in the tenant while the conference is open
 * @param requestHash of the body it was made with, to tell a repeated create from another
 * @param participantCount how many are present; every admission and departure changes it by one
 * @param lastCsrc the number the last participant got; numbers are never given twice
 * @param outbox what the tenant's own systems have still to be told; null counts as nothing
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record Conference(
    ConferenceId id,
    String tenant,
    @Nullable String alias,
    ConferenceRules rules,
    String requestHash,
    ConferenceState state,
    @Nullable EndReason endReason,
    int participantCount,
    long lastCsrc,
    Times times,
    Outbox outbox,
    long version) {

  /** How long an ending may take before it is taken up again. */
  private static final Duration ENDING_RETRY = Duration.ofSeconds(5);

  /** How often the count of a conference that is not empty is compared with the people in it. */
  private static final Duration RECOUNT_INTERVAL = Duration.ofMinutes(10);

  public Conference {
    outbox = Objects.requireNonNullElse(outbox, Outbox.EMPTY);
  }

  /**
   * When things happened to it.
   *
   * @param emptySince since when nobody is in it, or null if somebody is
   * @param changedAt when it was last changed
   */
  public record Times(
      Instant createdAt,
      @Nullable Instant liveAt,
      @Nullable Instant emptySince,
      @Nullable Instant endedAt,
      Instant changedAt) {
    static Times created(Instant now) {
      return new Times(now, null, now, null, now);
    }
  }

  /** Makes a conference that is not stored yet. */
  public static Conference create(
      ConferenceId id,
      String tenant,
      @Nullable String alias,
      ConferenceRules rules,
      String requestHash,
      Instant now) {
    return new Conference(
        id,
        tenant,
        alias,
        rules,
        requestHash,
        ConferenceState.CREATED,
        null,
        0,
        0,
        Times.created(now),
        Outbox.EMPTY,
        0);
  }

  /** Returns it as it was when it had just been made. */
  public Conference asCreated() {
    return new Conference(
        id,
        tenant,
        alias,
        rules,
        requestHash,
        ConferenceState.CREATED,
        null,
        0,
        0,
        Times.created(times.createdAt()),
        Outbox.EMPTY,
        1);
  }

  /** Returns it with another version. */
  public Conference withVersion(long stored) {
    return with(outbox, stored);
  }

  /** Returns it with other notices to hand on. */
  Conference withOutbox(Outbox next) {
    return with(next, version);
  }

  /** Returns the version that clients see: it counts what has changed for them. */
  public long revision() {
    return version - outbox.quietWrites();
  }

  /** Returns when it needs looking after even if nobody asks, or null if never again. */
  public @Nullable Instant dueAt() {
    return earlier(lifeDueAt(), Notices.dueAt(outbox));
  }

  /** Returns when its life goes on even if nobody asks, or null if it is over. */
  @Nullable Instant lifeDueAt() {
    if (state == ConferenceState.ENDED) {
      return null;
    }
    if (state == ConferenceState.ENDING) {
      return times.changedAt().plus(ENDING_RETRY);
    }
    Instant emptySince = times.emptySince();
    return emptySince == null
        ? times.changedAt().plus(RECOUNT_INTERVAL)
        : emptySince.plus(rules.emptyTimeout());
  }

  static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isBefore(other) ? one : other;
  }

  boolean isFull() {
    return participantCount >= rules.maxParticipants();
  }

  Conference withOneMore(Instant now) {
    return counting(participantCount + 1, lastCsrc + 1, now);
  }

  Conference withOneLess(Instant now) {
    return counting(Math.max(0, participantCount - 1), lastCsrc, now);
  }

  Conference recounted(int present, Instant now) {
    return counting(present, lastCsrc, now);
  }

  Conference live(Instant now) {
    return moved(
        ConferenceState.LIVE,
        null,
        new Times(times.createdAt(), now, times.emptySince(), null, now));
  }

  Conference ending(EndReason reason, Instant now) {
    return moved(
        ConferenceState.ENDING,
        reason,
        new Times(times.createdAt(), times.liveAt(), times.emptySince(), null, now));
  }

  Conference ended(Instant now) {
    Conference ended =
        moved(
            ConferenceState.ENDED,
            endReason,
            new Times(times.createdAt(), times.liveAt(), times.emptySince(), now, now));
    return ended.counting(0, lastCsrc, now);
  }

  private Conference with(Outbox nextOutbox, long nextVersion) {
    return new Conference(
        id,
        tenant,
        alias,
        rules,
        requestHash,
        state,
        endReason,
        participantCount,
        lastCsrc,
        times,
        nextOutbox,
        nextVersion);
  }

  private Conference moved(ConferenceState next, @Nullable EndReason reason, Times when) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException(state + " cannot become " + next);
    }
    return new Conference(
        id,
        tenant,
        alias,
        rules,
        requestHash,
        next,
        reason,
        participantCount,
        lastCsrc,
        when,
        outbox,
        version);
  }

  private Conference counting(int present, long csrc, Instant now) {
    Instant emptySince = present > 0 ? null : times.emptySince() == null ? now : times.emptySince();
    Times when = new Times(times.createdAt(), times.liveAt(), emptySince, times.endedAt(), now);
    return new Conference(
        id,
        tenant,
        alias,
        rules,
        requestHash,
        state,
        endReason,
        present,
        csrc,
        when,
        outbox,
        version);
  }
}
