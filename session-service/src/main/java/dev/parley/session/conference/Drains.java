package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * Empties media servers that are to be drained: a few conferences at a time, each in a quiet
 * moment. Called every half second or so; what several nodes do at once is done once. Thread-safe;
 * blocks on the store.
 */
final class Drains {
  /** So many of one server a round, lest all their people come to the others at once. */
  private static final int MOVES_MAX = 10;

  private final ConferenceStore store;
  private final Changes changes;
  private final Moves moves;
  private final QuietMoments quietMoments;

  Drains(ConferenceStore store, Clock clock, Moves moves, QuietMoments quietMoments) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.moves = moves;
    this.quietMoments = quietMoments;
  }

  /** Moves what may go now. */
  void step(MediaServer server, Drain drain) {
    Instant now = changes.now();
    List<ConferenceId> left = store.conferencesOn(server);
    int moved = 0;
    for (ConferenceId conference : left) {
      boolean mayGo = drain.isUrgent(now) || quietMoments.isQuiet(conference, now);
      if (mayGo && (moved < MOVES_MAX || drain.isOverdue(now)) && moves.lead(server, conference)) {
        moved++;
      }
    }
  }
}
