package dev.parley.session.conference;

/**
 * What came of a request: it was done, or refused for a reason that its sender can understand.
 *
 * @param <T> what is answered when it was done
 */
public sealed interface Answer<T> {

  /** It was done. */
  record Done<T>(T value) implements Answer<T> {}

  /** It was not done, and nothing has changed. */
  record Refused<T>(Refusal refusal) implements Answer<T> {}
}
