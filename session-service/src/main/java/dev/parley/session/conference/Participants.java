package dev.parley.session.conference;

import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.token.Role;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The people who are in conferences: reading, changing, leaving. Thread-safe; blocks. */
public final class Participants implements Rosters {
  private final ConferenceStore store;
  private final Changes changes;
  private final MediaServers mediaServers;
  private final ConferenceEventSink events;
  private final Notices notices;
  private final CallQuality quality;
  private final Executor background;
  private volatile BiConsumer<Participant, LeaveReason> waitsOver = (_, _) -> {};

  /**
   * Takes what it needs.
   *
   * @param background runs orders that nobody waits for, each on a thread that may block
   */
  public Participants(
      ConferenceStore store,
      Clock clock,
      MediaServers mediaServers,
      ConferenceEventSink events,
      Notices notices,
      CallQuality quality,
      Executor background) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.mediaServers = mediaServers;
    this.events = events;
    this.notices = notices;
    this.quality = quality;
    this.background = background;
  }

  /** Names who hears of those who leave before they were let in. Once, before anybody comes. */
  void tellOfWaitsOver(BiConsumer<Participant, LeaveReason> listener) {
    waitsOver = listener;
  }

  /** Returns how the calls sound that they are in. */
  public CallQuality quality() {
    return quality;
  }

  public @Nullable Participant find(ConferenceId conference, ParticipantId id) {
    return store.participant(conference, id);
  }

  /** Returns the stay of an identity that was let in and has not ended, or null. */
  public @Nullable Participant findPresent(ConferenceId conference, String identity) {
    Participant stay = findStay(conference, identity);
    return stay != null && stay.state().isPresent() ? stay : null;
  }

  /** Returns the stay of an identity that has not ended, even if it still waits, or null. */
  public @Nullable Participant findStay(ConferenceId conference, String identity) {
    Claim claim = store.identityClaim(conference, identity);
    Participant holder =
        claim == null ? null : store.participant(conference, new ParticipantId(claim.holder()));
    return holder != null && !holder.state().isOver() ? holder : null;
  }

  /** Returns everyone present in a conference that exists, in order of joining. */
  public List<Participant> present(ConferenceId conference) {
    return store.present(conference);
  }

  /** Returns everyone who waits to be let in, in the order in which they came. */
  public List<Participant> waiting(ConferenceId conference) {
    return store.waiting(conference);
  }

  @Override
  public Sight sight(ConferenceId conference, ParticipantId id) {
    Participant stay = store.participant(conference, id);
    // Who was never let in has no number.
    if (stay == null || stay.csrc() == 0) {
      return Sight.WAITING;
    }
    return stay.person().grants().moderate() ? Sight.MODERATOR : Sight.PARTICIPANT;
  }

  @Override
  public @Nullable Roster roster(ConferenceId id) {
    Conference conference = store.conference(id);
    if (conference == null || conference.state() == ConferenceState.ENDED) {
      return null;
    }
    Allocation allocation = store.allocation(id);
    List<RosterEntry> entries = store.stays(id).stream().map(Participant::rosterEntry).toList();
    return new Roster(
        conference.summary(),
        entries.stream().filter(entry -> entry.state().isPresent()).toList(),
        entries.stream().filter(entry -> entry.state() == ParticipantState.QUEUED).toList(),
        conference.recordings(),
        allocation == null ? null : allocation.encoders());
  }

  /** Returns true if a token that was issued to an identity then is refused by now. */
  public boolean isRevoked(ConferenceId conference, String identity, Instant issuedAt) {
    Instant upTo = store.tokensRevokedUpTo(conference, identity);
    return upTo != null && !issuedAt.isAfter(upTo);
  }

  /** Returns the ban that keeps an identity out now, or null. */
  public @Nullable Ban banInForce(ConferenceId conference, String identity) {
    Ban ban = store.ban(conference, Ban.idOf(identity));
    return ban != null && ban.isInForce(changes.now()) ? ban : null;
  }

  /**
   * Takes a participant out. Taking out one that has left is done too. Somebody whom others take
   * out cannot come back with a token that he has.
   */
  public Answer<Participant> leave(ConferenceId conference, ParticipantId id, LeaveReason reason) {
    if (reason.isEviction()) {
      Participant evicted = store.participant(conference, id);
      if (evicted != null && !evicted.state().isOver()) {
        // Before it is out: its client may come back at once.
        store.revokeTokens(conference, evicted.person().identity(), changes.now());
      }
    }
    Changes.Changed<Participant> left = depart(conference, id, reason);
    Participant before = left.before();
    if (before == null) {
      return new Answer.Refused<>(new Refusal.NotFound("participant"));
    }
    Participant after = left.after();
    if (after == null) {
      return new Answer.Done<>(before);
    }
    MediaSession media = before.media();
    if (media != null) {
      remove(media.server(), conference, media.epoch(), id);
      if (media.former() != null) {
        remove(media.former(), conference, media.epoch(), id);
      }
    }
    return new Answer.Done<>(after);
  }

  /** Records that a participant is out, without telling its media server. */
  Changes.Changed<Participant> depart(
      ConferenceId conference, ParticipantId id, LeaveReason reason) {
    return depart(conference, id, reason, _ -> true);
  }

  /** The same, if it is still so with the participant. */
  Changes.Changed<Participant> depart(
      ConferenceId conference,
      ParticipantId id,
      LeaveReason reason,
      Predicate<Participant> isStillSo) {
    StayQuality sounded = quality.takeLast(conference, id);
    Changes.Changed<Participant> changed =
        changes.participant(
            conference,
            id,
            participant ->
                !participant.state().isOver() && isStillSo.test(participant)
                    ? departed(participant, reason, sounded)
                    : null);
    Participant before = changed.before();
    Participant gone = changed.after();
    if (gone != null && before != null && before.state() == ParticipantState.QUEUED) {
      // It has no seat to give back.
      notices.tell(gone);
      waitsOver.accept(before, reason);
      events.publish(conference, new ConferenceEvent.ParticipantNotAdmitted(id, reason));
    } else if (gone != null) {
      // Only the one call that made it leave comes here, so it is counted once. A crash before the
      // count is repaired by the recount.
      notices.change(
          conference,
          gone,
          c -> c.state().isOpen() ? without(c, gone.person().role(), reason) : null);
      events.publish(conference, new ConferenceEvent.ParticipantLeft(id, reason));
    }
    return changed;
  }

  private Conference without(Conference conference, Role role, LeaveReason reason) {
    Conference fewer = conference.withOneLess(changes.now());
    // Whoever takes the place of their own stay has not left.
    return role == Role.HOST && reason != LeaveReason.REPLACED
        ? fewer.hostLeft(changes.now())
        : fewer;
  }

  /** Takes everyone out of a conference that ends. */
  void endAll(ConferenceId conference) {
    for (Participant participant : store.stays(conference)) {
      depart(conference, participant.id(), LeaveReason.ENDED);
    }
  }

  /** Makes a change to one that is present and tells the watchers. */
  @Nullable Participant update(
      ConferenceId conference,
      ParticipantId id,
      Function<Participant, @Nullable Participant> change) {
    Participant after =
        changes
            .participant(conference, id, p -> p.state().isPresent() ? updated(p, change) : null)
            .after();
    if (after != null) {
      notices.tell(after);
      events.publish(conference, new ConferenceEvent.ParticipantUpdated(after.rosterEntry()));
    }
    return after;
  }

  /**
   * Records whether one who is there agrees to be recorded; returns it as it is then, or null if it
   * has left.
   */
  public @Nullable Participant consent(ConferenceId conference, ParticipantId id, boolean given) {
    Participant after =
        update(
            conference,
            id,
            stay ->
                stay.standing().mayBeRecorded() == given
                    ? null
                    : stay.withStanding(stay.standing().withConsent(given)));
    Participant now = after == null ? store.participant(conference, id) : after;
    return now != null && now.state().isPresent() ? now : null;
  }

  /** Has a media server drop a participant; nobody waits for it. */
  void remove(MediaServer server, ConferenceId conference, long epoch, ParticipantId id) {
    background.execute(
        () -> mediaServers.order(server, conference, epoch, new Order.RemoveParticipant(id)));
  }

  private Participant departed(
      Participant participant, LeaveReason reason, @Nullable StayQuality sounded) {
    Participant left = participant.left(reason, changes.now(), sounded);
    if (participant.state() == ParticipantState.QUEUED) {
      return notices.post(left, NoticeType.PARTICIPANT_NOT_ADMITTED);
    }
    return participant.hasJoined() ? notices.post(left, NoticeType.PARTICIPANT_LEFT) : left;
  }

  private @Nullable Participant updated(
      Participant participant, Function<Participant, @Nullable Participant> change) {
    Participant next = change.apply(participant);
    return next != null && next.hasJoined() && !isOnlyElsewhere(participant, next)
        ? notices.post(next, NoticeType.PARTICIPANT_UPDATED)
        : next;
  }

  /** Steps are for those in the call. */
  private static boolean isOnlyElsewhere(Participant before, Participant after) {
    Position there = after.standing().position();
    return there != null
        && before.withStanding(before.standing().withPosition(there)).equals(after);
  }
}
