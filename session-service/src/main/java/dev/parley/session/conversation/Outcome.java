package dev.parley.session.conversation;

/** What became of a request: a value, or why there is none. */
public sealed interface Outcome<T> {

  /** It was done. */
  record Done<T>(T value) implements Outcome<T> {}

  /** It was not. */
  record Refused<T>(FilingRefusal refusal) implements Outcome<T> {}
}
