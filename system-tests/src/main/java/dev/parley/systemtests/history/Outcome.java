package dev.parley.systemtests.history;

/** What a client knows of what came of its request. */
public enum Outcome {
  /** It was done before the answer came. */
  OK,
  /** It was not done, and will not be. */
  FAIL,
  /** Nobody answered, or nothing one could rely on: it may be done, at any time from then on. */
  INFO
}
