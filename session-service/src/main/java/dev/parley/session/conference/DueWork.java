package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What must happen though nobody asks: conferences that stay empty end, endings that broke off are
 * finished, people whose media never came up leave, counts are checked, lost servers are given up,
 * notices that a crash left behind are handed on. Called every second or so, by one thread a node;
 * whatever several nodes do at once is done once.
 */
public final class DueWork {
  private static final int BATCH_MAX = 200;

  private final ConferenceStore store;
  private final Changes changes;
  private final Conferences conferences;
  private final Participants participants;
  private final Admission admission;
  private final MediaFacts mediaFacts;
  private final Notices notices;

  public DueWork(
      ConferenceStore store,
      Clock clock,
      Conferences conferences,
      Participants participants,
      Admission admission,
      MediaFacts mediaFacts,
      Notices notices) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.conferences = conferences;
    this.participants = participants;
    this.admission = admission;
    this.mediaFacts = mediaFacts;
    this.notices = notices;
  }

  /**
   * Does what is due now and returns how much that was. One failure does not keep the rest from
   * being done; the first is thrown at the end.
   */
  public int run() {
    mediaFacts.loseUnseen();
    int workCount = 0;
    RuntimeException first = null;
    for (ConferenceStore.Due due : store.due(changes.now(), BATCH_MAX)) {
      try {
        if (due.participant() == null) {
          look(due.conference());
        } else {
          look(due.conference(), due.participant());
        }
        workCount++;
      } catch (RuntimeException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
    return workCount;
  }

  private void look(ConferenceId id) {
    Conference conference = store.conference(id);
    if (conference == null) {
      return;
    }
    if (isDue(conference.lifeDueAt())) {
      lookAfterLife(conference);
    }
    if (isDue(Notices.dueAt(conference.outbox()))) {
      notices.handOn(id, null);
    }
  }

  private void lookAfterLife(Conference conference) {
    ConferenceId id = conference.id();
    if (conference.state() == ConferenceState.ENDING) {
      conferences.finishEnding(id);
    } else if (conference.times().emptySince() == null) {
      admission.recount(id);
    } else {
      // Only as it was seen: somebody may be joining this very moment.
      conferences.end(id, EndReason.EMPTY_TIMEOUT, conference.revision());
    }
  }

  private void look(ConferenceId conference, ParticipantId id) {
    Participant participant = store.participant(conference, id);
    if (participant == null) {
      return;
    }
    if (isDue(participant.connectDueAt())) {
      participants.leave(conference, id, LeaveReason.ICE_TIMEOUT);
    }
    if (isDue(Notices.dueAt(participant.outbox()))) {
      notices.handOn(conference, id);
    }
  }

  private boolean isDue(@Nullable Instant dueAt) {
    return dueAt != null && !changes.now().isBefore(dueAt);
  }
}
