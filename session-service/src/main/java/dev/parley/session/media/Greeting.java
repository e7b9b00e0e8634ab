package dev.parley.session.media;

/** What becomes of a media server's hello. */
sealed interface Greeting {

  /** It is welcome. */
  record Accepted(ServerEntry entry) implements Greeting {}

  /** Another incarnation has its place, or there are too many servers: it may not be here. */
  record Refused() implements Greeting {}

  /** It was given up while it was not heard of: it is told, and comes back as another. */
  record GivenUp() implements Greeting {}
}
