package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where people are in the room. Everyone is told of each step at once; the store learns of the
 * newest at most once in {@link #STORE_INTERVAL} a participant, so that one who walks costs it no
 * more than one who talks. If a node dies, a walk's last seconds are lost, and its next step mends
 * that. Thread-safe; blocks on the store.
 */
public final class Positions {
  /** Between two writes of one participant's steps. */
  static final Duration STORE_INTERVAL = Duration.ofSeconds(20);

  /** Walks that one node remembers; the eldest are forgotten, and their next step is stored. */
  private static final int WALKS_MAX = 20_000;

  private final ConferenceStore store;
  private final Changes changes;
  private final Participants participants;
  private final ConferenceEventSink events;
  private final Executor background;
  private final Later later;
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<Walker, Walk> walks = new LinkedHashMap<>();

  /** Runs something after a while. */
  interface Later {
    void run(Duration after, Runnable work);
  }

  private record Walker(ConferenceId conference, ParticipantId participant) {}

  /**
   * One participant's steps.
   *
   * @param storedAt when this node last wrote one
   * @param unstored the newest if the store does not have it yet
   */
  private record Walk(Instant storedAt, @Nullable Position unstored) {}

  /**
   * Takes what it needs.
   *
   * @param background writes what has waited, on threads that may block
   */
  public Positions(
      ConferenceStore store,
      Clock clock,
      Participants participants,
      ConferenceEventSink events,
      Executor background) {
    this(
        store,
        clock,
        participants,
        events,
        background,
        (after, work) ->
            CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS)
                .execute(work));
  }

  Positions(
      ConferenceStore store,
      Clock clock,
      Participants participants,
      ConferenceEventSink events,
      Executor background,
      Later later) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.participants = participants;
    this.events = events;
    this.background = background;
    this.later = later;
  }

  /**
   * Puts one who is there somewhere else.
   *
   * @param expectedVersion only if it has this version, or null
   */
  public Answer<Participant> place(
      ConferenceId conference, ParticipantId id, Position to, @Nullable Long expectedVersion) {
    Participant now = store.participant(conference, id);
    if (now == null) {
      return new Answer.Refused<>(new Refusal.NotFound("participant"));
    }
    if (now.departure() != null) {
      return new Answer.Refused<>(new Refusal.Left(now.departure().reason()));
    }
    if (now.state() == ParticipantState.QUEUED) {
      return new Answer.Refused<>(new Refusal.Queued());
    }
    if (expectedVersion != null && expectedVersion != now.revision()) {
      return new Answer.Refused<>(new Refusal.VersionMismatch(now.revision()));
    }
    if (to.equals(present(now).standing().position())) {
      return new Answer.Done<>(present(now));
    }
    Walker walker = new Walker(conference, id);
    if (!isToBeStored(walker, to)) {
      Participant there = at(now, to);
      events.publish(conference, new ConferenceEvent.ParticipantUpdated(there.rosterEntry()));
      return new Answer.Done<>(there);
    }
    Participant after = participants.update(conference, id, stay -> at(stay, to));
    if (after == null) {
      return new Answer.Refused<>(new Refusal.Left(LeaveReason.CLIENT));
    }
    return new Answer.Done<>(after);
  }

  /** Returns the participant as this node knows it: where it went since it was stored, too. */
  public Participant present(Participant stored) {
    Walk walk;
    lock.lock();
    try {
      walk = walks.get(new Walker(stored.conference(), stored.id()));
    } finally {
      lock.unlock();
    }
    return walk == null || walk.unstored() == null || stored.departure() != null
        ? stored
        : at(stored, walk.unstored());
  }

  /** Has the store know where one is, so that whatever changes next is told with it. */
  public void settle(ConferenceId conference, ParticipantId id) {
    storeNewest(new Walker(conference, id));
  }

  /** Notes a step; true if the store is to have it now, else it will have it, or a later one. */
  private boolean isToBeStored(Walker walker, Position to) {
    Instant now = changes.now();
    Duration wait;
    lock.lock();
    try {
      Walk walk = walks.remove(walker);
      Instant storedAt = walk == null ? Instant.EPOCH : walk.storedAt();
      wait = Duration.between(now, storedAt.plus(STORE_INTERVAL));
      boolean isDue = wait.isNegative() || wait.isZero();
      walks.put(walker, isDue ? new Walk(now, null) : new Walk(storedAt, to));
      if (walks.size() > WALKS_MAX) {
        walks.pollFirstEntry();
      }
      if (isDue) {
        return true;
      }
      if (walk != null && walk.unstored() != null) {
        return false;
      }
    } finally {
      lock.unlock();
    }
    later.run(wait, () -> storeSoon(walker));
    return false;
  }

  private void storeSoon(Walker walker) {
    try {
      background.execute(() -> storeNewest(walker));
    } catch (RejectedExecutionException _) {
      // This node has stopped; the next step is stored by another.
    }
  }

  private void storeNewest(Walker walker) {
    Position newest;
    lock.lock();
    try {
      Walk walk = walks.get(walker);
      newest = walk == null ? null : walk.unstored();
      if (newest == null) {
        return;
      }
      walks.put(walker, new Walk(changes.now(), null));
    } finally {
      lock.unlock();
    }
    // Everyone is told once more: another node may have told of something else with the old place.
    participants.update(walker.conference(), walker.participant(), stay -> at(stay, newest));
  }

  private static Participant at(Participant stay, Position to) {
    return stay.withStanding(stay.standing().withPosition(to));
  }
}
