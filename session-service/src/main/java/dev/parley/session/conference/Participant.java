package dev.parley.session.conference;

import dev.parley.common.control.Order.Listening;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.token.Grants;
import dev.parley.common.token.Role;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One stay of one identity, as the store holds it. Immutable; each change makes the next one.
 *
 * @param csrc see {@link RosterEntry#csrc}
 * @param media null until an offer came, and after the participant has left
 * @param replaces the stay of the same identity whose media this one takes the place of, if any
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record Participant(
    ParticipantId id,
    ConferenceId conference,
    Person person,
    long csrc,
    ParticipantState state,
    boolean muted,
    Listening listening,
    @Nullable MediaSession media,
    Instant joinedAt,
    @Nullable Departure departure,
    @Nullable ParticipantId replaces,
    long version) {

  /** How long after joining, or after the last offer, media must be up. */
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

  /** Who it is and what it may do, from its join token. */
  public record Person(String identity, @Nullable String name, Role role, Grants grants) {}

  /** How the stay ended. */
  public record Departure(Instant leftAt, LeaveReason reason) {}

  static Participant admit(
      ParticipantId id,
      Conference conference,
      Person person,
      boolean muted,
      @Nullable ParticipantId replaces,
      Instant now) {
    return new Participant(
        id,
        conference.id(),
        person,
        conference.lastCsrc(),
        ParticipantState.CONNECTING,
        muted,
        Listening.AUTO,
        null,
        now,
        null,
        replaces,
        0);
  }

  /** Returns what everyone in the conference may know. */
  public RosterEntry rosterEntry() {
    return new RosterEntry(
        id,
        person.identity(),
        person.name(),
        person.role(),
        state,
        muted,
        csrc,
        listening,
        joinedAt);
  }

  /** Returns when it needs looking after even if nobody asks, or null if never. */
  public @Nullable Instant dueAt() {
    if (state != ParticipantState.CONNECTING) {
      return null;
    }
    return (media == null ? joinedAt : media.since()).plus(CONNECT_TIMEOUT);
  }

  /** Returns it with another version. */
  public Participant withVersion(long stored) {
    return new Participant(
        id,
        conference,
        person,
        csrc,
        state,
        muted,
        listening,
        media,
        joinedAt,
        departure,
        replaces,
        stored);
  }

  Participant withMedia(@Nullable MediaSession session) {
    return new Participant(
        id,
        conference,
        person,
        csrc,
        state,
        muted,
        listening,
        session,
        joinedAt,
        departure,
        replaces,
        version);
  }

  Participant withListening(Listening decided) {
    return new Participant(
        id,
        conference,
        person,
        csrc,
        state,
        muted,
        decided,
        media,
        joinedAt,
        departure,
        replaces,
        version);
  }

  Participant withMuted(boolean wanted) {
    return new Participant(
        id,
        conference,
        person,
        csrc,
        state,
        wanted,
        listening,
        media,
        joinedAt,
        departure,
        replaces,
        version);
  }

  Participant in(ParticipantState next) {
    requireMay(next);
    return new Participant(
        id,
        conference,
        person,
        csrc,
        next,
        muted,
        listening,
        media,
        joinedAt,
        departure,
        replaces,
        version);
  }

  Participant left(LeaveReason reason, Instant now) {
    requireMay(ParticipantState.LEFT);
    return new Participant(
        id,
        conference,
        person,
        csrc,
        ParticipantState.LEFT,
        muted,
        listening,
        null,
        joinedAt,
        new Departure(now, reason),
        replaces,
        version);
  }

  private void requireMay(ParticipantState next) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException(state + " cannot become " + next);
    }
  }
}
