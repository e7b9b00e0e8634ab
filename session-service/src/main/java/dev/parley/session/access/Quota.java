package dev.parley.session.access;

import java.time.Duration;

/**
 * So many of one kind of request in any span of so long.
 *
 * @param name what is counted, as the {@code RateLimit} headers show it
 */
public record Quota(String name, int limit, Duration window) {
  public Quota {
    if (limit < 1 || window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException("a quota needs a limit and a window above 0: " + name);
    }
  }
}
