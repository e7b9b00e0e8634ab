package dev.parley.session.store;

import org.jspecify.annotations.Nullable;

/** What came of a conditional write. */
public sealed interface WriteResult {

  /** It is stored. */
  record Written() implements WriteResult {}

  /**
   * The condition did not hold, and nothing has changed.
   *
   * @param current the item as it is, or null if there is none
   */
  record Conflict(@Nullable Item current) implements WriteResult {}
}
