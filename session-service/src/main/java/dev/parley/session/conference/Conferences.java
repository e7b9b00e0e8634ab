package dev.parley.session.conference;

import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.token.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The life of conferences: making, finding, changing, ending. Thread-safe; blocks on the store. */
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
  private final WaitingRoom waitingRoom;

  public Conferences(
      ConferenceStore store,
      Clock clock,
      ConferenceIds ids,
      Participants participants,
      MediaServers mediaServers,
      ConferenceEventSink events,
      Notices notices,
      WaitingRoom waitingRoom) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.ids = ids;
    this.participants = participants;
    this.mediaServers = mediaServers;
    this.events = events;
    this.notices = notices;
    this.waitingRoom = waitingRoom;
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
      ConferenceOptions options,
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
    String region = wish.options().placement().metadataRegion();
    ConferenceId id =
        key == null ? ids.conference(region) : ids.conference(wish.tenant(), key, region);
    Conference earlier = key == null ? null : earlier(wish.tenant(), id);
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
            id, wish.tenant(), wish.alias(), wish.options(), wish.requestHash(), changes.now());
    Conference made = store.write(notices.post(wished, NoticeType.CONFERENCE_CREATED));
    if (made != null) {
      notices.wake(made);
      return new Answer.Done<>(new Made(made, false));
    }
    Conference faster = store.conference(id);
    if (faster == null) {
      // It was there a moment ago, and was forgotten since.
      throw new ContendedException("conference " + id);
    }
    return replay(faster, wish);
  }

  private @Nullable Conference earlier(String tenant, ConferenceId id) {
    Conference there = store.conference(id);
    List<ConferenceId> others = there == null ? ids.elsewhere(tenant, id) : List.of();
    for (ConferenceId other : others) {
      there = there == null ? store.conference(other) : there;
    }
    return there;
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
      ConferenceStore.Selection selection, int limit, @Nullable String cursor) {
    return store.list(selection, limit, cursor);
  }

  /**
   * Changes options of a conference that is open.
   *
   * @param change may be asked several times, and is to answer the same to the same
   * @param expectedVersion changes them only if it has this revision, or null
   */
  public Answer<Conference> update(
      ConferenceId id, UnaryOperator<ConferenceOptions> change, @Nullable Long expectedVersion) {
    Changes.Changed<Conference> changed =
        notices.change(
            id,
            null,
            conference ->
                conference.state().isOpen() && isExpected(conference, expectedVersion)
                    ? updated(conference, change.apply(conference.options()))
                    : null);
    Conference before = changed.before();
    if (before == null) {
      return new Answer.Refused<>(new Refusal.NotFound("conference"));
    }
    if (!before.state().isOpen()) {
      return new Answer.Refused<>(Admission.ended(before));
    }
    if (!isExpected(before, expectedVersion)) {
      return new Answer.Refused<>(new Refusal.VersionMismatch(before.revision()));
    }
    Conference after = changed.after();
    if (after == null) {
      return new Answer.Done<>(before);
    }
    events.publish(
        id,
        new ConferenceEvent.ConferenceUpdated(
            after.summary(), after.options().differingFrom(before.options())));
    if (before.options().lobby() && !after.options().lobby()) {
      waitingRoom.open(id);
    }
    return new Answer.Done<>(after);
  }

  private @Nullable Conference updated(Conference before, ConferenceOptions next) {
    List<String> changed = next.differingFrom(before.options());
    return changed.isEmpty()
        ? null
        : notices.postUpdate(before.withOptions(next, changes.now()), changed);
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

  /** Ends a conference whose time is up by this task, unless something has come in between. */
  void endDue(ConferenceId id, Deadline.Task task, EndReason reason) {
    Changes.Changed<Conference> changed =
        changes.conference(
            id,
            conference -> {
              Deadline deadline = Deadline.of(conference);
              return deadline != null
                      && deadline.task() == task
                      && !changes.now().isBefore(deadline.at())
                  ? conference.ending(reason, changes.now())
                  : null;
            });
    if (changed.after() != null) {
      finishEnding(id);
    }
  }

  /**
   * Ends a conference that its hosts have left, unless one of them is there.
   *
   * @param seen the conference as it was before this looks who is there
   */
  void endWithoutHost(Conference seen) {
    boolean hasHost =
        participants.present(seen.id()).stream()
            .anyMatch(stay -> stay.person().role() == Role.HOST);
    if (!hasHost) {
      endDue(seen.id(), Deadline.Task.END_WITHOUT_HOST, EndReason.HOST_LEFT);
      return;
    }
    // If a host has left since, that changed the conference, and this is looked at again.
    changes.conference(
        seen.id(),
        c ->
            c.version() == seen.version()
                ? c.hostLeft(null).withOutbox(c.outbox().quietly())
                : null);
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
        throw new IllegalStateException("only conferences that have ended are removed: " + id);
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
        ? new Answer.Done<>(new Made(asCreated(earlier, wish), true))
        : new Answer.Refused<>(new Refusal.KeyReused());
  }

  /** The wish says how it was made; what has become of it since does not matter. */
  private static Conference asCreated(Conference earlier, Wish wish) {
    return Conference.create(
            earlier.id(),
            wish.tenant(),
            wish.alias(),
            // Its residency policy may have changed since.
            wish.options().placed(earlier.options().placement()),
            wish.requestHash(),
            earlier.times().createdAt())
        .withVersion(1);
  }

  private static boolean isExpected(Conference conference, @Nullable Long version) {
    return version == null || version == conference.revision();
  }
}
