package dev.parley.session.library;

/** Where an object is in its life. */
public enum ObjectState {
  /** Registered; its content has not been seen at the store. */
  PENDING,
  /** At the store, as it was announced. */
  AVAILABLE,
  /** Was at the store, and is not any more, or is something else: found out by comparing. */
  LOST,
  /** To be removed: the store has not confirmed it yet. */
  ERASING,
  /** Removed; what is left is the receipt. */
  ERASED;

  /** True if it is not erased. */
  public boolean isThere() {
    return this == PENDING || wasCommitted();
  }

  /** True if its content was once seen at the store, and nobody erased it. */
  public boolean wasCommitted() {
    return this == AVAILABLE || this == LOST;
  }
}
