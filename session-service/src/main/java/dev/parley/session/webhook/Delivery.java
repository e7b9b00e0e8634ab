package dev.parley.session.webhook;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.NoticeType;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One notice on its way to one endpoint. Immutable; each change makes the next one.
 *
 * @param lane which endpoint, and in which order
 * @param sequence the notice's in its conference
 * @param body what is sent, the same at every attempt
 * @param happenedAt when what it tells of happened
 * @param last what came of the last attempt, or null before the first
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record Delivery(
    LaneKey lane,
    long sequence,
    NoticeType type,
    String body,
    Instant happenedAt,
    State state,
    int attempts,
    @Nullable Attempt last,
    long version) {

  /** How long it is tried. */
  static final Duration TRIED_FOR = Duration.ofDays(3);

  /** How long one that is finished can be looked up and sent again. */
  static final Duration KEPT_FOR = Duration.ofDays(7);

  /** Where it is. */
  public enum State {
    /** To be sent, or to be tried again. */
    PENDING,
    /** The endpoint has it. */
    DELIVERED,
    /** Given up; it can be replayed. */
    FAILED
  }

  /**
   * One attempt.
   *
   * @param status the HTTP status, or 0 if there was none
   */
  public record Attempt(Instant at, Outcome outcome, int status) {}

  static Delivery born(
      LaneKey lane, long sequence, NoticeType type, String body, Instant happenedAt) {
    return new Delivery(lane, sequence, type, body, happenedAt, State.PENDING, 0, null, 0);
  }

  /** Returns the message's id, {@code webhook-id}: the same at every attempt and every endpoint. */
  public String messageId() {
    return messageId(lane.conference(), sequence);
  }

  static String messageId(ConferenceId conference, long sequence) {
    return conference + "_" + sequence;
  }

  /** Returns when it may be forgotten, or null while it is to be sent. */
  public @Nullable Instant expiresAt() {
    return state == State.PENDING || last == null ? null : last.at().plus(KEPT_FOR);
  }

  /** Returns it after an attempt. */
  Delivery after(Attempt attempt) {
    boolean isGivenUp =
        attempt.outcome() == Outcome.GONE
            || attempt.outcome() == Outcome.DISABLED
            || !attempt.at().isBefore(happenedAt.plus(TRIED_FOR));
    State next =
        attempt.outcome() == Outcome.DELIVERED || state == State.DELIVERED
            ? State.DELIVERED
            : isGivenUp || state == State.FAILED ? State.FAILED : State.PENDING;
    int count = attempt.outcome() == Outcome.DISABLED ? attempts : attempts + 1;
    return new Delivery(lane, sequence, type, body, happenedAt, next, count, attempt, version);
  }

  /** Returns it with another body. */
  Delivery withBody(String other) {
    return new Delivery(lane, sequence, type, other, happenedAt, state, attempts, last, version);
  }

  /** Returns it with another version. */
  public Delivery withVersion(long stored) {
    return new Delivery(lane, sequence, type, body, happenedAt, state, attempts, last, stored);
  }
}
