package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import org.jspecify.annotations.Nullable;

/**
 * Answers who is in a conference and how it fares, for watchers that begin with a snapshot. Blocks
 * on the store.
 */
public interface Rosters {
  /** Returns null if the conference is unknown or has ended. */
  @Nullable Roster roster(ConferenceId conference);
}
