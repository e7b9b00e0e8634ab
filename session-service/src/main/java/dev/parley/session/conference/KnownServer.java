package dev.parley.session.conference;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A media server as the store knows it, so that every node does. Immutable; each change makes the
 * next one.
 *
 * @param lostAt when it was given up, or null while it is not; it never comes back as this
 *     incarnation
 * @param drain an operator's wish that it be empty, or null
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record KnownServer(
    MediaServer server, @Nullable Instant lostAt, @Nullable Drain drain, long version) {

  /**
   * How long a server that was given up is still looked at: whoever chose it in that very moment
   * has stored so by then.
   */
  private static final Duration SETTLING = Duration.ofSeconds(15);

  static KnownServer of(MediaServer server) {
    return new KnownServer(server, null, null, 0);
  }

  /** Returns it with another version. */
  public KnownServer withVersion(long stored) {
    return new KnownServer(server, lostAt, drain, stored);
  }

  boolean isLost() {
    return lostAt != null;
  }

  /** True if it was given up and nothing can be found on it any more. */
  boolean isSettled(Instant now) {
    return lostAt != null && now.isAfter(lostAt.plus(SETTLING));
  }

  KnownServer lost(Instant now) {
    return new KnownServer(server, now, null, version);
  }

  KnownServer draining(Instant since, Instant deadline) {
    return new KnownServer(server, lostAt, new Drain(since, deadline), version);
  }

  KnownServer undrained() {
    return new KnownServer(server, lostAt, null, version);
  }
}
