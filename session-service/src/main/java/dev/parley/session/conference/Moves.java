package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Takes conferences to other media servers. Those who are in stay who they are, and send an offer
 * once more when they are told; who does not is out after a while. Every step may be repeated, and
 * several nodes may take the same one: the allocation's version decides whose it is. Thread-safe;
 * blocks on the store.
 */
public final class Moves {
  private static final int ATTEMPTS_MAX = 8;

  private final ConferenceStore store;
  private final Changes changes;
  private final MediaServers mediaServers;
  private final ConferenceEventSink events;
  private final Notices notices;
  private final LongAdder rescued = new LongAdder();

  /** Takes what it needs. */
  public Moves(
      ConferenceStore store,
      Clock clock,
      MediaServers mediaServers,
      ConferenceEventSink events,
      Notices notices) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.mediaServers = mediaServers;
    this.events = events;
    this.notices = notices;
  }

  /** How many conferences were taken from servers that were lost or failed. */
  public long rescuedCount() {
    return rescued.sum();
  }

  /** Takes a conference from a server that does not run it any more. */
  void rescue(MediaServer from, ConferenceId id) {
    boolean isPopulated = markLost(from, id);
    Allocation moved = reallocate(from, id, isPopulated);
    if (moved != null && isPopulated) {
      rescued.increment();
      events.publish(id, new ConferenceEvent.MediaMoves(moved.epoch(), MoveReason.SERVER_LOST));
    }
    // Whoever was let in at the old place while it was given up.
    markLost(from, id);
  }

  /**
   * Gives the conference another server, or none if there is none now: then the next offer does.
   *
   * @return null if it was not on that server, or another node was faster
   */
  private @Nullable Allocation reallocate(MediaServer from, ConferenceId id, boolean isPopulated) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Allocation allocation = store.allocation(id);
      if (allocation == null || allocation.isClosed() || !from.equals(allocation.server())) {
        return null;
      }
      MediaServer next =
          isPopulated ? mediaServers.choose(MediaServers.Wish.anywhere(Set.of(from))) : null;
      Allocation given =
          next == null || store.isFenced(next) ? allocation.freed() : allocation.on(next);
      Allocation written = store.write(given);
      if (written != null) {
        return written;
      }
    }
    throw new ContendedException("allocation of " + id);
  }

  /** Records that media there is over; true if anyone had any. */
  private boolean markLost(MediaServer from, ConferenceId id) {
    boolean isPopulated = false;
    for (Participant participant : store.present(id)) {
      if (!participant.hasMediaOn(from)) {
        continue;
      }
      isPopulated = true;
      Changes.Changed<Participant> changed =
          changes.participant(id, participant.id(), p -> p.losesMediaOn(from) ? posted(p) : null);
      Participant after = changed.after();
      if (after != null && after.hasJoined()) {
        notices.tell(after);
        events.publish(id, new ConferenceEvent.ParticipantUpdated(after.rosterEntry()));
      }
    }
    return isPopulated;
  }

  private Participant posted(Participant participant) {
    Participant waiting = participant.mediaLost(changes.now());
    return waiting.hasJoined() ? notices.post(waiting, NoticeType.PARTICIPANT_UPDATED) : waiting;
  }
}
