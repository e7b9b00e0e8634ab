package dev.parley.session.conference;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a conference goes on. Immutable.
 *
 * @param emptyTimeout how long it may stay empty before it ends, 10 s to 24 h
 * @param maxDuration how long after it went live it ends, 1 min to 30 days, or null for no such
 *     limit
 * @param endWhen whose departure ends it sooner
 * @param departureTimeout how long after that departure it waits for a return, 5 s to 1 h
 */
public record Lifespan(
    Duration emptyTimeout,
    @Nullable Duration maxDuration,
    EndWhen endWhen,
    Duration departureTimeout) {
  /** Shortest and longest empty timeout, in seconds. */
  public static final int EMPTY_TIMEOUT_SEC_MIN = 10;

  public static final int EMPTY_TIMEOUT_SEC_MAX = 86_400;

  /** Shortest and longest duration, in seconds. */
  public static final int DURATION_SEC_MIN = 60;

  public static final int DURATION_SEC_MAX = 2_592_000;

  /** Shortest and longest departure timeout, in seconds: less would not outlast a page's reload. */
  public static final int DEPARTURE_TIMEOUT_SEC_MIN = 5;

  public static final int DEPARTURE_TIMEOUT_SEC_MAX = 3_600;

  /** Until it has been empty for five minutes. */
  public static final Lifespan DEFAULT =
      new Lifespan(Duration.ofMinutes(5), null, EndWhen.EMPTY_TIMEOUT, Duration.ofSeconds(20));

  /** Whose departure ends a conference. */
  public enum EndWhen {
    /** Nobody's: it ends when it has been empty for the empty timeout. */
    EMPTY_TIMEOUT,
    /** That of the last participant. */
    LAST_LEFT,
    /** That of the last host, whoever else is there. */
    HOST_LEFT
  }

  public Lifespan {
    require("emptyTimeout", emptyTimeout, EMPTY_TIMEOUT_SEC_MIN, EMPTY_TIMEOUT_SEC_MAX);
    if (maxDuration != null) {
      require("maxDuration", maxDuration, DURATION_SEC_MIN, DURATION_SEC_MAX);
    }
    require(
        "departureTimeout", departureTimeout, DEPARTURE_TIMEOUT_SEC_MIN, DEPARTURE_TIMEOUT_SEC_MAX);
  }

  private static void require(String name, Duration duration, int secMin, int secMax) {
    if (duration.toSeconds() < secMin || duration.toSeconds() > secMax) {
      throw new IllegalArgumentException(name + " is out of range: " + duration);
    }
  }
}
