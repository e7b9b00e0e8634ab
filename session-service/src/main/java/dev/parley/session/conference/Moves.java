package dev.parley.session.conference;

import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
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

  /** How long a server that is left goes on for those who have not come to the next one. */
  private static final Duration OVERLAP = Duration.ofSeconds(15);

  /** How long it goes on after everyone was told to leave, which takes a moment to arrive. */
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final ConferenceStore store;
  private final Changes changes;
  private final MediaServers mediaServers;
  private final ConferenceEventSink events;
  private final Notices notices;
  private final Executor background;
  private final LongAdder rescued = new LongAdder();
  private final LongAdder led = new LongAdder();
  private final LongAdder stuck = new LongAdder();

  /**
   * Takes what it needs.
   *
   * @param background runs orders that nobody waits for, each on a thread that may block
   */
  public Moves(
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
  }

  /** How many conferences were taken from servers that were lost or failed. */
  public long rescuedCount() {
    return rescued.sum();
  }

  /** How many conferences were led away from servers that are to be empty. */
  public long ledCount() {
    return led.sum();
  }

  /** How often a conference could not be led away, as there was no other server for it. */
  public long stuckCount() {
    return stuck.sum();
  }

  /**
   * Begins to take a conference from a server that runs it: its people come to another one, and
   * leave this one when all have.
   *
   * @return false if it stays
   */
  boolean lead(MediaServer from, ConferenceId id) {
    Allocation allocation = store.allocation(id);
    if (allocation == null
        || allocation.isClosed()
        || allocation.former() != null
        || !from.equals(allocation.server())) {
      return false;
    }
    if (store.present(id).stream().noneMatch(stay -> stay.hasMediaOn(from))) {
      // Nobody to take along: the next who comes finds it another server.
      return store.write(allocation.freed()) != null;
    }
    MediaServer next = chooseBut(from, allocation);
    if (next == null || store.isFenced(next)) {
      stuck.increment();
      return false;
    }
    Allocation moving = store.write(allocation.leading(next, changes.now().plus(OVERLAP)));
    if (moving == null) {
      // Something happened to it just now; the next round looks again.
      return false;
    }
    led.increment();
    events.publish(id, new ConferenceEvent.MediaMoves(moving.epoch(), MoveReason.DRAIN));
    return true;
  }

  /**
   * Somebody's media has come up: perhaps nobody is left at the former server.
   *
   * @return true if clients were told now that they may leave it
   */
  boolean onArrival(ConferenceId id) {
    Allocation allocation = store.allocation(id);
    Allocation.Former former = allocation == null ? null : allocation.former();
    MediaServer server = allocation == null ? null : allocation.server();
    if (allocation == null || former == null || former.isTold() || server == null) {
      return false;
    }
    for (Participant stay : store.present(id)) {
      if (!stay.isAwaitedOn(server)) {
        continue;
      }
      return false;
    }
    return tell(allocation);
  }

  /** Ends the conference on the server that it has left, when it is time. */
  void finish(ConferenceId id) {
    Allocation allocation = store.allocation(id);
    Allocation.Former former = allocation == null ? null : allocation.former();
    if (allocation == null || former == null || changes.now().isBefore(former.until())) {
      return;
    }
    if (!former.isTold()) {
      boolean _ = tell(allocation);
      return;
    }
    // Before the record, or a crash in between would leave it there for ever.
    MediaServer left = former.server();
    background.execute(
        () -> mediaServers.order(left, id, allocation.epoch(), new Order.EndConference()));
    markLost(left, id);
    store.write(allocation.arrived());
  }

  /** Tells clients that they may leave the former server. If another node was faster, it does. */
  private boolean tell(Allocation allocation) {
    boolean isOurs = store.write(allocation.told(changes.now().plus(FAREWELL))) != null;
    if (isOurs) {
      events.publish(allocation.conference(), new ConferenceEvent.MediaMoved(allocation.epoch()));
    }
    return isOurs;
  }

  /** Another server that suits the conference, near where it was; null if there is none now. */
  private @Nullable MediaServer chooseBut(MediaServer from, Allocation allocation) {
    Conference conference = store.conference(allocation.conference());
    return conference == null
        ? null
        : mediaServers.choose(
            new MediaServers.Wish(Set.of(from), RegionWish.of(conference, allocation)));
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
      MediaServer next = isPopulated ? chooseBut(from, allocation) : null;
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
