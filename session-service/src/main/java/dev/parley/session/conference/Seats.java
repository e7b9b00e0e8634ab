package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Counts who is in a conference, so that no more are than may be. Only those count who were let in.
 * Thread-safe; blocks on the store.
 */
final class Seats {
  /** No join in progress is older; a count that is wrong for longer was left by a crash. */
  static final Duration JOIN_TIME_MAX = Duration.ofMinutes(1);

  private final ConferenceStore store;
  private final Changes changes;

  Seats(ConferenceStore store, Clock clock) {
    this.store = store;
    this.changes = new Changes(store, clock);
  }

  /**
   * Counts one more, with the next number for its packets, unless the conference is over, full or
   * locked: then nothing is changed, and {@link #refusal} says why.
   *
   * @param hadPlace true if it takes a place that was its own, so that a lock does not keep it out
   */
  Changes.Changed<Conference> take(ConferenceId id, boolean hadPlace) {
    Changes.Changed<Conference> counted = takeOne(id, hadPlace);
    Conference before = counted.before();
    if (counted.after() == null
        && before != null
        && before.state().isOpen()
        && before.isFull()
        && isQuiet(before)) {
      recount(id);
      return takeOne(id, hadPlace);
    }
    return counted;
  }

  /** Gives back a seat that nobody took after all. */
  void giveBack(ConferenceId id) {
    changes.conference(id, c -> c.state().isOpen() ? c.withOneLess(changes.now()) : null);
  }

  /** Returns why there was no seat in a conference that was found like this. */
  Refusal refusal(Conference conference, boolean hadPlace) {
    if (!conference.state().isOpen()) {
      return Admission.ended(conference);
    }
    return conference.options().locked() && !hadPlace
        ? new Refusal.Locked()
        : new Refusal.Full(conference.options().maxParticipants());
  }

  /** Corrects a count that a crash left wrong. Harmless whenever no join is in progress. */
  void recount(ConferenceId id) {
    int present = store.present(id).size();
    changes.conference(
        id,
        conference ->
            conference.state().isOpen() && isQuiet(conference)
                ? conference.recounted(present, changes.now())
                : null);
  }

  private Changes.Changed<Conference> takeOne(ConferenceId id, boolean hadPlace) {
    return changes.conference(
        id,
        c ->
            c.state().isOpen() && !c.isFull() && (hadPlace || !c.options().locked())
                ? c.withOneMore(changes.now())
                : null);
  }

  private boolean isQuiet(Conference conference) {
    Instant quietFrom = conference.times().changedAt().plus(JOIN_TIME_MAX);
    return changes.now().isAfter(quietFrom);
  }
}
