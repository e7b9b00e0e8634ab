package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What must happen though nobody asks: conferences whose time is up end, endings that broke off are
 * finished, people whose media never came up leave, and those who wait no more, counts are checked,
 * lost servers are given up, notices that a crash left behind are handed on. Called twice a second
 * or so, by one thread a node; whatever several nodes do at once is done once.
 */
public final class DueWork {
  private static final int BATCH_MAX = 200;

  private final ConferenceStore store;
  private final Changes changes;
  private final Conferences conferences;
  private final Participants participants;
  private final Seats seats;
  private final WaitingRoom waitingRoom;
  private final MediaFacts mediaFacts;
  private final Notices notices;
  private final Moves moves;
  private final UsageSink usage;
  private volatile IntPredicate isOurs = _ -> true;

  public DueWork(
      ConferenceStore store,
      Clock clock,
      Conferences conferences,
      Participants participants,
      WaitingRoom waitingRoom,
      MediaFacts mediaFacts,
      Notices notices,
      Moves moves,
      UsageSink usage) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.conferences = conferences;
    this.participants = participants;
    this.seats = new Seats(store, clock);
    this.waitingRoom = waitingRoom;
    this.mediaFacts = mediaFacts;
    this.notices = notices;
    this.moves = moves;
    this.usage = usage;
  }

  /** Says which shards this node looks at though nobody told it to; without it, all. */
  public void share(IntPredicate ours) {
    isOurs = ours;
  }

  /**
   * Does what is due now and returns how much that was. Cheap if nothing is due: the store is asked
   * only as {@link DueShards} says. One failure does not keep the rest from being done; the first
   * is thrown at the end.
   */
  public int run() {
    mediaFacts.lookAfterServers();
    int workCount = 0;
    RuntimeException first = null;
    DueShards shards = store.dueShards();
    Instant now = changes.now();
    for (int shard : shards.take(now, isOurs)) {
      try {
        List<ConferenceStore.Due> due = store.due(shard, now, BATCH_MAX);
        workCount += due.size();
        RuntimeException failure = lookAt(shard, due);
        if (failure != null || due.size() == BATCH_MAX) {
          shards.again(shard);
        }
        first = first == null ? failure : first;
      } catch (RuntimeException e) {
        // Nothing of it was seen.
        shards.again(shard);
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
    return workCount;
  }

  /** Looks at each and returns the first failure, or null. */
  private @Nullable RuntimeException lookAt(int shard, List<ConferenceStore.Due> due) {
    RuntimeException first = null;
    Over over = new Over(new ArrayList<>(), new ArrayList<>());
    for (ConferenceStore.Due one : due) {
      try {
        if (one.participant() == null) {
          look(one.conference(), over);
        } else {
          look(one.conference(), one.participant(), over);
        }
      } catch (RuntimeException e) {
        first = first == null ? e : first;
      }
    }
    try {
      count(shard, over);
    } catch (RuntimeException e) {
      first = first == null ? e : first;
    }
    return first;
  }

  /** What is to be counted as used. */
  private record Over(List<Participant> stays, List<Conference> conferences) {}

  /** First where it cannot be counted twice, then the mark, which takes it out of what is due. */
  private void count(int shard, Over over) {
    if (over.stays().isEmpty() && over.conferences().isEmpty()) {
      return;
    }
    usage.add(shard, over.stays(), over.conferences());
    for (Participant stay : over.stays()) {
      changes.participant(stay.conference(), stay.id(), Participant::asCounted);
    }
    for (Conference conference : over.conferences()) {
      changes.conference(conference.id(), Conference::asCounted);
    }
  }

  private void look(ConferenceId id, Over over) {
    Conference conference = store.conference(id);
    if (conference == null) {
      return;
    }
    Deadline deadline = Deadline.of(conference);
    if (deadline != null && isDue(deadline.at())) {
      meet(deadline, conference);
    }
    if (isDue(Notices.dueAt(conference.outbox()))) {
      notices.handOn(id, null);
    }
    moves.finish(id);
    if (isDue(conference.countDueAt())) {
      over.conferences().add(conference);
    }
  }

  private void meet(Deadline deadline, Conference conference) {
    ConferenceId id = conference.id();
    switch (deadline.task()) {
      case FINISH_ENDING -> conferences.finishEnding(id);
      case RECOUNT -> seats.recount(id);
      case END_WITHOUT_HOST -> conferences.endWithoutHost(conference);
      case END_AT_MAX_DURATION -> conferences.endDue(id, deadline.task(), EndReason.MAX_DURATION);
      case END_AFTER_LAST_LEFT -> conferences.endDue(id, deadline.task(), EndReason.LAST_LEFT);
      case END_EMPTY -> conferences.endDue(id, deadline.task(), EndReason.EMPTY_TIMEOUT);
    }
  }

  private void look(ConferenceId conference, ParticipantId id, Over over) {
    Participant participant = store.participant(conference, id);
    if (participant == null) {
      return;
    }
    if (isDue(participant.connectDueAt())) {
      MediaSession media = participant.media();
      boolean isLost = media != null && media.lostAt() != null;
      participants.leave(
          conference, id, isLost ? LeaveReason.SERVER_LOST : LeaveReason.ICE_TIMEOUT);
    }
    if (isDue(participant.waitDueAt())) {
      waitingRoom.expire(conference, id);
    }
    if (isDue(Notices.dueAt(participant.outbox()))) {
      notices.handOn(conference, id);
    }
    if (isDue(participant.countDueAt())) {
      over.stays().add(participant);
    }
  }

  private boolean isDue(@Nullable Instant dueAt) {
    return dueAt != null && !changes.now().isBefore(dueAt);
  }
}
