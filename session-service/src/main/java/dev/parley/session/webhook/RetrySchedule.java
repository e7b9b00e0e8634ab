package dev.parley.session.webhook;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How long to wait after a failed attempt: soon at first, a day at last, so that three days see
 * about ten attempts; a little more or less each time, or all that failed together would come back
 * together.
 */
final class RetrySchedule {
  static final double JITTER = 0.2;

  private static final List<Duration> DELAYS =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10),
          Duration.ofHours(14),
          Duration.ofHours(20),
          Duration.ofHours(24));

  private RetrySchedule() {}

  /**
   * Returns how long to wait.
   *
   * @param failures how many attempts have failed in a row, from 1
   */
  static Duration delay(int failures, RandomGenerator random) {
    Duration usual = DELAYS.get(Math.min(failures, DELAYS.size()) - 1);
    double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
    return Duration.ofMillis(Math.round(usual.toMillis() * factor));
  }
}
