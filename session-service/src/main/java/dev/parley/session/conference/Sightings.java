package dev.parley.session.conference;

import java.time.Duration;

/** What other session nodes see of media servers. Thread-safe. */
@FunctionalInterface
public interface Sightings {
  /** For a node that is the only one. */
  Sightings NONE = (_, _) -> false;

  /**
   * Returns true unless it is known that no other node had a link to that server within that time.
   */
  boolean isSeenElsewhere(MediaServer server, Duration within);
}
