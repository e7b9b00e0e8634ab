package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import org.jspecify.annotations.Nullable;

/**
 * Answers who is in a conference and how it fares, for watchers that begin with a snapshot. Blocks
 * on the store.
 */
public interface Rosters {
  /** Returns null if the conference is unknown or has ended. */
  @Nullable Roster roster(ConferenceId conference);

  /** Returns how much the client of a participant may see. */
  default Sight sight(ConferenceId conference, ParticipantId participant) {
    return Sight.PARTICIPANT;
  }

  /**
   * Says that the client of one who waits to be let in is there, and asks where it stands now; null
   * if it does not wait.
   */
  default @Nullable QueuePlace stillWaits(ConferenceId conference, ParticipantId participant) {
    return null;
  }
}
