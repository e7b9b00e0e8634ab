package dev.parley.session.conference;

import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The people who are in conferences: reading, muting, leaving. Thread-safe; blocks. */
public final class Participants implements Rosters {
  private static final int LOCK_COUNT = 64;

  private final ConferenceStore store;
  private final Changes changes;
  private final MediaServers mediaServers;
  private final ConferenceEventSink events;
  private final Notices notices;
  private final Executor background;
  private final ReentrantLock[] muting = new ReentrantLock[LOCK_COUNT];

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
      Executor background) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.mediaServers = mediaServers;
    this.events = events;
    this.notices = notices;
    this.background = background;
    for (int i = 0; i < LOCK_COUNT; i++) {
      muting[i] = new ReentrantLock();
    }
  }

  public @Nullable Participant find(ConferenceId conference, ParticipantId id) {
    return store.participant(conference, id);
  }

  /** Returns the stay of an identity that has not ended, or null. */
  public @Nullable Participant findPresent(ConferenceId conference, String identity) {
    Claim claim = store.identityClaim(conference, identity);
    Participant holder =
        claim == null ? null : store.participant(conference, new ParticipantId(claim.holder()));
    return holder != null && holder.state().isPresent() ? holder : null;
  }

  /** Returns everyone present in a conference that exists, in order of joining. */
  public List<Participant> present(ConferenceId conference) {
    return store.present(conference);
  }

  @Override
  public @Nullable Roster roster(ConferenceId id) {
    Conference conference = store.conference(id);
    if (conference == null || conference.state() == ConferenceState.ENDED) {
      return null;
    }
    Allocation allocation = store.allocation(id);
    return new Roster(
        store.present(id).stream().map(Participant::rosterEntry).toList(),
        allocation == null ? null : allocation.encoders());
  }

  /**
   * Mutes or unmutes.
   *
   * @param bySelf true if the participant itself asks; nobody else may unmute
   * @param expectedVersion changes it only if it has this version, or null
   */
  public Answer<Participant> mute(
      ConferenceId conference,
      ParticipantId id,
      boolean muted,
      boolean bySelf,
      @Nullable Long expectedVersion) {
    // Orders and their records must come in the same order, or a microphone that reads as closed
    // could be open. One participant's are given by one thread at a time.
    ReentrantLock lock = muting[Math.floorMod(id.hashCode(), LOCK_COUNT)];
    lock.lock();
    try {
      Participant now = store.participant(conference, id);
      Refusal refusal = refusal(now, muted, bySelf, expectedVersion);
      if (refusal != null || now == null) {
        return new Answer.Refused<>(
            refusal == null ? new Refusal.NotFound("participant") : refusal);
      }
      return now.muted() == muted ? new Answer.Done<>(now) : apply(now, muted);
    } finally {
      lock.unlock();
    }
  }

  /** Takes a participant out. Taking out one that has left is done too. */
  public Answer<Participant> leave(ConferenceId conference, ParticipantId id, LeaveReason reason) {
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
    }
    return new Answer.Done<>(after);
  }

  /** Records that a participant is out, without telling its media server. */
  Changes.Changed<Participant> depart(
      ConferenceId conference, ParticipantId id, LeaveReason reason) {
    Changes.Changed<Participant> changed =
        changes.participant(
            conference,
            id,
            participant -> participant.state().isPresent() ? departed(participant, reason) : null);
    if (changed.after() != null) {
      // Only the one call that made it leave comes here, so it is counted once. A crash before the
      // count is repaired by the recount.
      notices.change(
          conference,
          changed.after(),
          c -> c.state().isOpen() ? c.withOneLess(changes.now()) : null);
      events.publish(conference, new ConferenceEvent.ParticipantLeft(id, reason));
    }
    return changed;
  }

  /** Takes everyone out of a conference that ends. */
  void endAll(ConferenceId conference) {
    for (Participant participant : store.present(conference)) {
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

  /** Has a media server drop a participant; nobody waits for it. */
  void remove(MediaServer server, ConferenceId conference, long epoch, ParticipantId id) {
    background.execute(
        () -> mediaServers.order(server, conference, epoch, new Order.RemoveParticipant(id)));
  }

  private Participant departed(Participant participant, LeaveReason reason) {
    Participant left = participant.left(reason, changes.now());
    return participant.hasJoined() ? notices.post(left, NoticeType.PARTICIPANT_LEFT) : left;
  }

  private @Nullable Participant updated(
      Participant participant, Function<Participant, @Nullable Participant> change) {
    Participant next = change.apply(participant);
    return next != null && next.hasJoined()
        ? notices.post(next, NoticeType.PARTICIPANT_UPDATED)
        : next;
  }

  private static @Nullable Refusal refusal(
      @Nullable Participant now, boolean muted, boolean bySelf, @Nullable Long expectedVersion) {
    if (now == null) {
      return new Refusal.NotFound("participant");
    }
    if (now.departure() != null) {
      return new Refusal.Left(now.departure().reason());
    }
    if (expectedVersion != null && expectedVersion != now.revision()) {
      return new Refusal.VersionMismatch(now.revision());
    }
    return muted || bySelf || !now.muted() ? null : new Refusal.UnmuteNotOffered();
  }

  private Answer<Participant> apply(Participant now, boolean muted) {
    MediaSession media = now.media();
    if (media != null) {
      MediaAnswer answer =
          mediaServers.order(
              media.server(),
              now.conference(),
              media.epoch(),
              new Order.MuteParticipant(now.id(), muted));
      switch (answer) {
        case MediaAnswer.Accepted _ -> {}
        case MediaAnswer.NotFound _ -> {
          // Its media is not up, or just ended; the next offer carries what is recorded here.
        }
        case MediaAnswer.Busy _,
            MediaAnswer.Unreachable _,
            MediaAnswer.Stale _,
            MediaAnswer.OfferRefused _ -> {
          return new Answer.Refused<>(new Refusal.MediaUnreachable());
        }
      }
    }
    Participant after = update(now.conference(), now.id(), p -> p.withMuted(muted));
    if (after == null) {
      Participant gone = store.participant(now.conference(), now.id());
      LeaveReason reason =
          gone == null || gone.departure() == null ? LeaveReason.CLIENT : gone.departure().reason();
      return new Answer.Refused<>(new Refusal.Left(reason));
    }
    return new Answer.Done<>(after);
  }
}
