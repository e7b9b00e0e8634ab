package dev.parley.media.jitter;

/** What became of a packet given to a {@link JitterBuffer}. */
public enum InsertResult {
  /** Kept for playout. */
  KEPT,
  /** Held or played already. */
  DUPLICATE,
  /** Its time had passed. */
  LATE,
  /** No payload, a payload longer than a slot, or a duration that cannot be. */
  MALFORMED,
  /**
   * Its sequence number is far from all others; kept only if the next one continues it (RFC 3550
   * §A.1).
   */
  STRAY
}
