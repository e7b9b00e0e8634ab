package dev.parley.session.conference;

import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The life of conferences: making, finding, ending. Thread-safe; blocks on the store. */
public final class Conferences {
  /** A claim without a conference is older than any create in progress after this long. */
  private static final Duration CLAIM_GRACE = Duration.ofMinutes(1);

  private static final int CLAIM_ATTEMPTS_MAX = 5;

  private final ConferenceStore store;
  private final Changes changes;
  private final ConferenceIds ids;
  private final Participants participants;
  private final MediaServers mediaServers;
  private final ConferenceEventSink events;
  private final Notices notices;

  public Conferences(
      ConferenceStore store,
      Clock clock,
      ConferenceIds ids,
      Participants participants,
      MediaServers mediaServers,
      ConferenceEventSink events,
      Notices notices) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.ids = ids;
    this.participants = participants;
    this.mediaServers = mediaServers;
    this.events = events;
    this.notices = notices;
  }

  /**
   * A wish for a conference.
   *
   * @param idempotencyKey null if a repetition is to make another
   * @param requestHash of everything in the request that matters
   */
  public record Wish(
      String tenant,
      @Nullable String alias,
      ConferenceRules rules,
      @Nullable String idempotencyKey,
      String requestHash) {}

  /**
   * A conference that was made.
   *
   * @param isReplayed true if an earlier request with the same key made it
   */
  public record Made(Conference conference, boolean isReplayed) {}

  /** Makes a conference, or answers what an earlier request with the same key made. */
  public Answer<Made> create(Wish wish) {
    String key = wish.idempotencyKey();
    ConferenceId id = key == null ? ids.conference() : ids.conference(wish.tenant(), key);
    Conference earlier = key == null ? null : store.conference(id);
    if (earlier != null) {
      return replay(earlier, wish);
    }
    if (wish.alias() != null) {
      ConferenceId holder = claimAlias(wish.tenant(), wish.alias(), id);
      if (!holder.equals(id)) {
        return new Answer.Refused<>(new Refusal.AliasTaken(holder));
      }
    }
    Conference wished =
        Conference.create(
            id, wish.tenant(), wish.alias(), wish.rules(), wish.requestHash(), changes.now());
    Conference made = store.write(notices.post(wished, NoticeType.CONFERENCE_CREATED));
    if (made != null) {
      notices.wake(made);
      return new Answer.Done<>(new Made(made, false));
    }
    Conference faster = store.conference(id);
    if (faster == null) {
      throw new IllegalStateException("conferences are never removed: " + id);
    }
    return replay(faster, wish);
  }

  public @Nullable Conference find(ConferenceId id) {
    return store.conference(id);
  }

  /** Returns the open conference that holds the alias, or null. */
  public @Nullable Conference findByAlias(String tenant, String alias) {
    Claim claim = store.aliasClaim(tenant, alias);
    Conference holder = claim == null ? null : store.conference(new ConferenceId(claim.holder()));
    return holder != null && holder.state().isOpen() ? holder : null;
  }

  /** Lists a tenant's conferences, newest first. */
  public ConferenceStore.Page list(
      String tenant, @Nullable ConferenceState state, int limit, @Nullable String cursor) {
    return store.list(tenant, state, limit, cursor);
  }

  /**
   * Ends a conference: nobody joins any more, everyone in it is out. Ending it again is done too.
   *
   * @param expectedVersion ends it only if it has this revision, or null
   */
  public Answer<Conference> end(ConferenceId id, EndReason reason, @Nullable Long expectedVersion) {
    Changes.Changed<Conference> changed =
        changes.conference(
            id,
            conference ->
                conference.state().isOpen() && isExpected(conference, expectedVersion)
                    ? conference.ending(reason, changes.now())
                    : null);
    Conference before = changed.before();
    if (before == null) {
      return new Answer.Refused<>(new Refusal.NotFound("conference"));
    }
    if (changed.after() == null && before.state().isOpen()) {
      return new Answer.Refused<>(new Refusal.VersionMismatch(before.revision()));
    }
    return new Answer.Done<>(finishEnding(id));
  }

  /** Takes an ending through to its end; may be repeated, and may overlap another. */
  Conference finishEnding(ConferenceId id) {
    Allocation closed = close(id);
    if (closed.server() != null) {
      // Whatever comes of it: a server that did not hear is told again when it says hello.
      mediaServers.order(closed.server(), id, closed.epoch(), new Order.EndConference());
    }
    participants.endAll(id);
    Changes.Changed<Conference> changed =
        notices.change(
            id,
            null,
            conference ->
                conference.state() == ConferenceState.ENDING
                    ? notices.post(conference.ended(changes.now()), NoticeType.CONFERENCE_ENDED)
                    : null);
    Conference ended = changed.after();
    if (ended == null) {
      Conference before = changed.before();
      if (before == null) {
        throw new IllegalStateException("conferences are never removed: " + id);
      }
      return before;
    }
    EndReason reason = ended.endReason();
    events.publish(
        id, new ConferenceEvent.ConferenceEnded(reason == null ? EndReason.API : reason));
    return ended;
  }

  /** Fences the conference: every order given before this is stale. */
  private Allocation close(ConferenceId id) {
    for (int attempt = 0; attempt < CLAIM_ATTEMPTS_MAX; attempt++) {
      Allocation allocation = store.allocation(id);
      if (allocation == null) {
        allocation = Allocation.none(id);
      }
      Allocation closed = allocation.isClosed() ? allocation : store.write(allocation.closed());
      if (closed != null) {
        return closed;
      }
    }
    throw new ContendedException("allocation of " + id);
  }

  /** Returns who holds the alias now: the given conference, or one that was there before. */
  private ConferenceId claimAlias(String tenant, String alias, ConferenceId id) {
    for (int attempt = 0; attempt < CLAIM_ATTEMPTS_MAX; attempt++) {
      Claim claim = store.aliasClaim(tenant, alias);
      if (claim != null) {
        ConferenceId holder = new ConferenceId(claim.holder());
        if (holder.equals(id) || isHeld(claim)) {
          return holder;
        }
      }
      Claim mine = new Claim(id.value(), changes.now(), claim == null ? 0 : claim.version());
      if (store.writeAliasClaim(tenant, alias, mine) != null) {
        return id;
      }
    }
    throw new ContendedException("alias " + alias);
  }

  private boolean isHeld(Claim claim) {
    Conference holder = store.conference(new ConferenceId(claim.holder()));
    if (holder == null) {
      Instant graceEnds = claim.claimedAt().plus(CLAIM_GRACE);
      return changes.now().isBefore(graceEnds);
    }
    return holder.state().isOpen();
  }

  private static Answer<Made> replay(Conference earlier, Wish wish) {
    return earlier.requestHash().equals(wish.requestHash())
        ? new Answer.Done<>(new Made(earlier.asCreated(), true))
        : new Answer.Refused<>(new Refusal.KeyReused());
  }

  private static boolean isExpected(Conference conference, @Nullable Long version) {
    return version == null || version == conference.revision();
  }
}
