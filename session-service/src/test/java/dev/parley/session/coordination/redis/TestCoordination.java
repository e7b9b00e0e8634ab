package dev.parley.session.coordination.redis;

import dev.parley.session.access.ServiceSecret;
import dev.parley.session.coordination.local.LocalCoordination;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** Coordinations of nodes of one service. */
final class TestCoordination {
  /** Nothing is lost because the machine does other things too. */
  private static final Duration PATIENT = Duration.ofSeconds(5);

  /** Absence is noticed soon. */
  private static final Duration IMPATIENT = Duration.ofSeconds(1);

  private TestCoordination() {}

  static RedisCoordination of(String address) {
    return of(address, PATIENT);
  }

  static RedisCoordination impatient(String address) {
    return of(address, IMPATIENT);
  }

  private static RedisCoordination of(String address, Duration timeout) {
    RandomGenerator random = RandomGenerator.getDefault();
    Clock clock = Clock.systemUTC();
    return new RedisCoordination(
        new RedisCoordination.Plan(RedisAddress.parse(address), timeout, () -> 2),
        new ServiceSecret(new byte[ServiceSecret.LENGTH]),
        new LocalCoordination(clock, System::nanoTime, random),
        clock,
        random);
  }

  /** Waits by Redis' own clock, which is this machine's: no event tells that a key has expired. */
  static void pause(Duration duration) {
    long untilNs = System.nanoTime() + duration.toNanos();
    for (long leftNs = duration.toNanos(); leftNs > 0; leftNs = untilNs - System.nanoTime()) {
      LockSupport.parkNanos(leftNs);
    }
  }
}
