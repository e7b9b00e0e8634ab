package dev.parley.session.access;

import java.time.Duration;

/** Remembers, across session nodes, what has been used up. Thread-safe. */
public interface OneTimeUse {
  /** Returns true the first time it is asked about an id, false until {@code keep} has passed. */
  boolean isFirstUse(String id, Duration keep);
}
