package dev.parley.session.conference;

import dev.parley.common.control.Order.Listening;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.common.token.Grants;
import dev.parley.common.token.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One stay of one identity, as the store holds it. Immutable; each change makes the next one.
 *
 * @param tenant whose conference it is; an item of an older version has none
 * @param csrc see {@link RosterEntry#csrc}
 * @param media null until an offer came, and after the participant has left
 * @param replaces the stay of the same identity whose media this one takes the place of, if any
 * @param waiting what it waits for while it is queued, else null
 * @param standing an item of an older version has none, which counts as the usual one
 * @param outbox what the conference has still to take over from it; null counts as nothing
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record Participant(
    ParticipantId id,
    ConferenceId conference,
    String tenant,
    Person person,
    long csrc,
    ParticipantState state,
    boolean muted,
    Listening listening,
    @Nullable MediaSession media,
    Instant joinedAt,
    @Nullable Departure departure,
    @Nullable ParticipantId replaces,
    @Nullable Wait waiting,
    Standing standing,
    Outbox outbox,
    long version) {

  /** How long after it is over a stay or conference is counted: many together cost less. */
  static final Duration COUNT_AFTER = Duration.ofSeconds(10);

  /** How long after joining, or after the last offer, media must be up. */
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

  public Participant {
    tenant = Objects.requireNonNullElse(tenant, "");
    standing = Objects.requireNonNullElse(standing, Standing.USUAL);
    outbox = Objects.requireNonNullElse(outbox, Outbox.EMPTY);
  }

  /** Who it is and what it may do, from its join token. */
  public record Person(String identity, @Nullable String name, Role role, Grants grants) {
    /** The identity in records of those of whom nothing is to be known any more. */
    public static final String ERASED = "erased";
  }

  /**
   * How the stay ended.
   *
   * @param quality how it sounded, or null if nothing is known
   * @param use what is to be counted of it, or null if its media never came up
   */
  public record Departure(
      Instant leftAt, LeaveReason reason, @Nullable StayQuality quality, @Nullable Use use) {}

  /**
   * What counts as used.
   *
   * @param region of its media server
   * @param counted true once it is in the tenant's usage
   */
  public record Use(Region region, boolean counted) {}

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
        conference.tenant(),
        person,
        conference.lastCsrc(),
        ParticipantState.CONNECTING,
        muted,
        Listening.AUTO,
        null,
        now,
        null,
        replaces,
        null,
        Standing.USUAL,
        Outbox.EMPTY,
        0);
  }

  /** Makes a stay that is not in yet. It gets its number when it is let in. */
  static Participant queued(
      ParticipantId id, Conference conference, Person person, boolean muted, Wait wait) {
    return new Participant(
        id,
        conference.id(),
        conference.tenant(),
        person,
        0,
        ParticipantState.QUEUED,
        muted,
        Listening.AUTO,
        null,
        wait.since(),
        null,
        null,
        wait,
        Standing.USUAL,
        Outbox.EMPTY,
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
        standing,
        joinedAt,
        waiting == null ? null : waiting.reason());
  }

  /** Returns true if its audio is not to be passed on, for whatever reason. */
  boolean isSilenced() {
    return muted || !person.grants().audio().maySend();
  }

  /** Returns when it needs looking after even if nobody asks, or null if never. */
  public @Nullable Instant dueAt() {
    return Conference.earlier(
        Conference.earlier(Conference.earlier(connectDueAt(), waitDueAt()), countDueAt()),
        Notices.dueAt(outbox));
  }

  /** Returns when it is given up unless its client shows itself, or null if it does not wait. */
  @Nullable Instant waitDueAt() {
    return waiting == null ? null : waiting.until();
  }

  /** Returns when it is to be counted as used, or null if it is, or nothing is. */
  @Nullable Instant countDueAt() {
    return departure == null || departure.use() == null || departure.use().counted()
        ? null
        : departure.leftAt().plus(COUNT_AFTER);
  }

  /** Returns it as one that is in the tenant's usage. */
  @Nullable Participant asCounted() {
    if (countDueAt() == null || departure == null || departure.use() == null) {
      return null;
    }
    Use use = new Use(departure.use().region(), true);
    Departure marked =
        new Departure(departure.leftAt(), departure.reason(), departure.quality(), use);
    return with(state, muted, listening, media, marked).withOutbox(outbox.quietly());
  }

  /** Returns when its media must be up, or up again elsewhere, or null if it is. */
  @Nullable Instant connectDueAt() {
    if (media != null && media.lostAt() != null) {
      return media.lostAt().plus(CONNECT_TIMEOUT);
    }
    if (media != null && media.awaitedUntil() != null) {
      // Until then the ticket may be used, and after that it takes as long as it always may.
      return media.awaitedUntil().plus(CONNECT_TIMEOUT);
    }
    if (state != ParticipantState.CONNECTING) {
      return null;
    }
    return (media == null ? joinedAt : media.since()).plus(CONNECT_TIMEOUT);
  }

  /** Returns it with another version. */
  public Participant withVersion(long stored) {
    return with(outbox, stored);
  }

  /** Returns the version that clients see: it counts what has changed for them. */
  public long revision() {
    return version - outbox.quietWrites();
  }

  /** Returns it with other notices to hand on. */
  Participant withOutbox(Outbox next) {
    return with(next, version);
  }

  /** Returns true if its media is on that server, or was until the server was lost. */
  boolean hasMediaOn(MediaServer server) {
    return media != null && media.server().equals(server);
  }

  /** Returns true if its media is on that server and not known to be lost. */
  boolean losesMediaOn(MediaServer server) {
    return state.isPresent() && hasMediaOn(server) && media != null && media.lostAt() == null;
  }

  /** Returns true if its media is elsewhere, and is to come to that server. */
  boolean isAwaitedOn(MediaServer server) {
    MediaSession now = media;
    return now != null && now.lostAt() == null && (!hasMediaOn(server) || now.lastSequence() == 0);
  }

  /** Returns it waiting for media elsewhere. */
  Participant mediaLost(Instant now) {
    MediaSession lost = media == null ? null : media.lost(now);
    ParticipantState next =
        state == ParticipantState.CONNECTED ? ParticipantState.RECONNECTING : state;
    return with(next, muted, listening, lost, departure);
  }

  /** Returns true if it was let in and has not sent an offer yet. */
  public boolean isAwaitingOffer() {
    return state == ParticipantState.CONNECTING && media == null;
  }

  /** Returns true once its media has been up. */
  boolean hasJoined() {
    return state != ParticipantState.CONNECTING && state != ParticipantState.QUEUED;
  }

  Participant withMedia(@Nullable MediaSession session) {
    return with(state, muted, listening, session, departure);
  }

  /** Returns it waiting for something else, or for longer. */
  Participant withWait(Wait next) {
    return with(csrc, state, joinedAt, next);
  }

  /** Returns it let in, with its number for packets. */
  Participant letIn(long number, Instant now) {
    requireMay(ParticipantState.CONNECTING);
    return with(number, ParticipantState.CONNECTING, now, null);
  }

  Participant withListening(Listening decided) {
    return with(state, muted, decided, media, departure);
  }

  Participant withMuted(boolean wanted) {
    return with(state, wanted, listening, media, departure);
  }

  Participant withPerson(Person next) {
    return with(next, standing);
  }

  /** Returns a stay that is over as that of nobody in particular. */
  Participant erased() {
    Departure gone =
        departure == null
            ? null
            : new Departure(departure.leftAt(), departure.reason(), null, departure.use());
    return with(new Person(Person.ERASED, null, person.role(), person.grants()), Standing.USUAL)
        .with(state, muted, listening, media, gone)
        .withOutbox(outbox.withoutPerson(person.identity()));
  }

  Participant withStanding(Standing next) {
    return with(person, next);
  }

  Participant in(ParticipantState next) {
    requireMay(next);
    return with(next, muted, listening, media, departure);
  }

  Participant left(LeaveReason reason, Instant now, @Nullable StayQuality quality) {
    requireMay(ParticipantState.LEFT);
    Participant gone = waiting == null ? this : with(csrc, state, joinedAt, null);
    return gone.with(
        ParticipantState.LEFT, muted, listening, null, new Departure(now, reason, quality, use()));
  }

  private @Nullable Use use() {
    return hasJoined() && media != null ? new Use(media.server().region(), false) : null;
  }

  private Participant with(Outbox nextOutbox, long nextVersion) {
    return new Participant(
        id,
        conference,
        tenant,
        person,
        csrc,
        state,
        muted,
        listening,
        media,
        joinedAt,
        departure,
        replaces,
        waiting,
        standing,
        nextOutbox,
        nextVersion);
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
        tenant,
        person,
        csrc,
        nextState,
        nextMuted,
        nextListening,
        nextMedia,
        joinedAt,
        nextDeparture,
        replaces,
        waiting,
        standing,
        outbox,
        version);
  }

  private Participant with(Person nextPerson, Standing nextStanding) {
    return new Participant(
        id,
        conference,
        tenant,
        nextPerson,
        csrc,
        state,
        muted,
        listening,
        media,
        joinedAt,
        departure,
        replaces,
        waiting,
        nextStanding,
        outbox,
        version);
  }

  private Participant with(
      long nextCsrc, ParticipantState nextState, Instant nextJoinedAt, @Nullable Wait nextWait) {
    return new Participant(
        id,
        conference,
        tenant,
        person,
        nextCsrc,
        nextState,
        muted,
        listening,
        media,
        nextJoinedAt,
        departure,
        replaces,
        nextWait,
        standing,
        outbox,
        version);
  }

  private void requireMay(ParticipantState next) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException(state + " cannot become " + next);
    }
  }
}
