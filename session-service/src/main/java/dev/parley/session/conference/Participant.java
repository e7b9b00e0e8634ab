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
    return with(state, muted, listening, session, departure);
  }

  Participant withListening(Listening decided) {
    return with(state, muted, decided, media, departure);
  }

  Participant withMuted(boolean wanted) {
    return with(state, wanted, listening, media, departure);
  }

  Participant in(ParticipantState next) {
    requireMay(next);
    return with(next, muted, listening, media, departure);
  }

  Participant left(LeaveReason reason, Instant now) {
    requireMay(ParticipantState.LEFT);
    return with(ParticipantState.LEFT, muted, listening, null, new Departure(now, reason));
  }

  /** Returns the same stay with another of what may change. */
  private Participant with(
      ParticipantState nextState,
      boolean nextMuted,
      Listening nextListening,
      @Nullable MediaSession nextMedia,
      @Nullable Departure nextDeparture) {
    return new Participant(
        id,
        conference,
        person,
        csrc,
        nextState,
        nextMuted,
        nextListening,
        nextMedia,
        joinedAt,
        nextDeparture,
        replaces,
        version);
  }

  private void requireMay(ParticipantState next) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException(state + " cannot become " + next);
    }
  }
}
