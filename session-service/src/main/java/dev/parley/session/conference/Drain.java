package dev.parley.session.conference;

import java.time.Duration;
import java.time.Instant;

/**
 * An operator's wish that a media server be empty. Its conferences go one by one, when nobody
 * talks; those that are never silent go after a while all the same, and all at the deadline.
 */
public record Drain(Instant since, Instant deadline) {
  /** Longest that a conference's silence is waited for, unless the deadline is nearer. */
  private static final Duration PATIENCE_MAX = Duration.ofSeconds(30);

  /** True if conferences go even while somebody talks. */
  boolean isUrgent(Instant now) {
    Duration half = Duration.between(since, deadline).dividedBy(2);
    Duration patience = half.compareTo(PATIENCE_MAX) < 0 ? half : PATIENCE_MAX;
    return !now.isBefore(since.plus(patience));
  }

  /** True if whatever is left goes at once. */
  boolean isOverdue(Instant now) {
    return !now.isBefore(deadline);
  }
}
