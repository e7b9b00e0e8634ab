package dev.parley.session.conference;

import dev.parley.common.control.Deed;
import dev.parley.common.control.Order;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Moderation and departures while the store is away: done by the media server at once, which owes
 * the record of it from then on, and recorded when its report is taken in. Thread-safe; blocks.
 */
public final class Unrecorded {
  /** Far more than are taken out while a store is away. */
  private static final int GONE_MAX = 16_384;

  private final ConferenceStore store;
  private final MediaServers mediaServers;
  private final Participants participants;
  private final Moderation moderation;
  private final Bans bans;
  private final LongAdder carriedOut = new LongAdder();
  private final LongAdder recorded = new LongAdder();
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock. Whom this node had taken out: what it remembers of them is not true.
  private final Set<ParticipantId> gone = new LinkedHashSet<>();

  public Unrecorded(
      ConferenceStore store,
      MediaServers mediaServers,
      Participants participants,
      Moderation moderation,
      Bans bans) {
    this.store = store;
    this.mediaServers = mediaServers;
    this.participants = participants;
    this.moderation = moderation;
    this.bans = bans;
  }

  /**
   * Has a participant's media server do something that cannot be recorded now. Refused unless that
   * has done it: then nothing is acknowledged that could be lost with this node.
   *
   * @param now the participant as it was when the store last told
   * @param bySelf true if the participant itself asks; nobody else may unmute it
   * @param banSec for how long one who is evicted is to be kept out, or 0
   */
  public Answer<Participant> carryOut(Participant now, Deed deed, boolean bySelf, int banSec) {
    if (now.departure() != null) {
      return new Answer.Refused<>(new Refusal.Left(now.departure().reason()));
    }
    if (isGone(now.id())) {
      return new Answer.Refused<>(new Refusal.Left(LeaveReason.KICKED));
    }
    if (deed == Deed.UNMUTE && !bySelf) {
      return new Answer.Refused<>(new Refusal.UnmuteNotOffered());
    }
    MediaSession media = now.media();
    Participant wished = as(now, deed);
    if (media == null || (deed == Deed.UNMUTE && wished.isSilenced())) {
      return new Answer.Refused<>(new Refusal.MediaUnreachable());
    }
    Order order = new Order.DoUnrecorded(now.id(), deed, banSec);
    if (media.former() != null) {
      // Whoever has not come along to the new server is still there to hear. Only the new one owes
      // the record.
      MediaAnswer _ =
          mediaServers.order(media.former(), now.conference(), media.epoch(), plain(now, deed));
    }
    if (!(mediaServers.order(media.server(), now.conference(), media.epoch(), order)
        instanceof MediaAnswer.Accepted)) {
      return new Answer.Refused<>(new Refusal.MediaUnreachable());
    }
    carriedOut.increment();
    if (deed.isDeparture()) {
      remember(now.id());
    }
    return new Answer.Done<>(wished);
  }

  /** Records what a media server has done. Doing it again is done too. */
  void onCarriedOut(MediaServer server, long sequence, StateEvent.CarriedOut event) {
    ConferenceId conference = event.conference();
    Participant stay = store.participant(conference, event.participant());
    if (stay == null || stay.state().isOver() || isApplied(stay, server, sequence)) {
      return;
    }
    switch (event.deed()) {
      case MUTE, UNMUTE, HOLD, RELEASE ->
          moderation.record(conference, stay.id(), change(event.deed()));
      case LEAVE -> participants.leave(conference, stay.id(), LeaveReason.CLIENT);
      case EVICT -> evict(stay, event.banSec());
    }
    recorded.increment();
  }

  /** How often something was done that could not be recorded then. */
  public long carriedOutCount() {
    return carriedOut.sum();
  }

  /** How often such a thing was recorded. */
  public long recordedCount() {
    return recorded.sum();
  }

  /** True if this node had the participant taken out while that could not be recorded. */
  public boolean isGone(ParticipantId id) {
    lock.lock();
    try {
      return gone.contains(id);
    } finally {
      lock.unlock();
    }
  }

  private void remember(ParticipantId id) {
    lock.lock();
    try {
      gone.add(id);
      if (gone.size() > GONE_MAX) {
        gone.remove(gone.iterator().next());
      }
    } finally {
      lock.unlock();
    }
  }

  private void evict(Participant stay, int banSec) {
    boolean isBanned =
        banSec > 0 && bans.ban(stay, Duration.ofSeconds(banSec)) instanceof Answer.Done<?>;
    if (!isBanned) {
      // Whoever was to be banned, and is one too many, is out all the same.
      participants.leave(stay.conference(), stay.id(), LeaveReason.KICKED);
    }
  }

  /** What came after it may have undone it, and must not be undone by a repetition. */
  private static boolean isApplied(Participant stay, MediaServer server, long sequence) {
    MediaSession media = stay.media();
    return media != null && media.server().equals(server) && sequence <= media.lastSequence();
  }

  private static Participant as(Participant now, Deed deed) {
    return switch (deed) {
      case MUTE -> now.withMuted(true);
      case UNMUTE -> now.withMuted(false);
      case HOLD -> now.withStanding(now.standing().withHeld(true));
      case RELEASE -> now.withStanding(now.standing().withHeld(false));
      case LEAVE, EVICT -> now;
    };
  }

  private static Moderation.Change change(Deed deed) {
    Boolean muted = deed == Deed.MUTE || deed == Deed.UNMUTE ? deed == Deed.MUTE : null;
    Boolean held = deed == Deed.HOLD || deed == Deed.RELEASE ? deed == Deed.HOLD : null;
    return new Moderation.Change(muted, held, null, null);
  }

  private static Order plain(Participant now, Deed deed) {
    return switch (deed) {
      case MUTE, UNMUTE -> new Order.MuteParticipant(now.id(), deed == Deed.MUTE);
      case HOLD, RELEASE -> new Order.HoldParticipant(now.id(), deed == Deed.HOLD);
      case LEAVE, EVICT -> new Order.RemoveParticipant(now.id());
    };
  }
}
