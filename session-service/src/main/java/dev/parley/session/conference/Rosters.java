package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers who is in a conference, for watchers that begin with a snapshot. Blocks on the store. */
public interface Rosters {
  /**
   * Returns everyone who is connecting, connected or reconnecting, in order of joining; null if the
   * conference is unknown or has ended.
   */
  @Nullable List<RosterEntry> roster(ConferenceId conference);
}
