package dev.parley.session.library;

/** Where an object is in its life. */
public enum ObjectState {
  /** Registered; its content has not been seen at the store. */
  PENDING,
  /** At the store, as it was announced. */
  AVAILABLE,
  /** To be removed: the store has not confirmed it yet. */
  ERASING,
  /** Removed; what is left is the receipt. */
  ERASED;

  /** True if it can still be used. */
  public boolean isThere() {
    return this == PENDING || this == AVAILABLE;
  }
}
