package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;

/** What is kept of a conference beside its own records. Thread-safe; blocks. */
@FunctionalInterface
public interface ConferenceTraces {

  /**
   * Removes it; removing it again is done too.
   *
   * @return false if there was too much for once
   */
  boolean forget(ConferenceId conference);

  /** Returns true if it must be kept for now, and so must the conference. */
  default boolean isHeld(ConferenceId conference) {
    return false;
  }
}
