package dev.parley.session.library;

import dev.parley.common.id.ConferenceId;

/** Which conferences are on legal hold, with all that is of them. Thread-safe; blocks. */
@FunctionalInterface
public interface ConversationHolds {

  /** Returns true if nothing of a conference that is over may be erased for now. */
  boolean isHeld(ConferenceId conference);
}
