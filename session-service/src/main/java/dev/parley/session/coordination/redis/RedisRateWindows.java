package dev.parley.session.coordination.redis;

import dev.parley.session.access.Quota;
import dev.parley.session.access.RateWindows;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Sliding windows as sorted sets, by the clock of Redis, so that all nodes count alike. While Redis
 * does not answer, each node grants its share of the quota by itself. Thread-safe.
 */
final class RedisRateWindows implements RateWindows {
  private static final long MICROS_PER_SECOND = 1_000_000;

  private final RedisLink link;
  private final PayloadSeal seal;
  private final RateWindows alone;
  private final IntSupplier nodeCount;

  /**
   * Takes what it needs.
   *
   * @param alone counts when Redis does not
   * @param nodeCount how many nodes share the quotas now, 1 or more
   */
  RedisRateWindows(RedisLink link, PayloadSeal seal, RateWindows alone, IntSupplier nodeCount) {
    this.link = link;
    this.seal = seal;
    this.alone = alone;
    this.nodeCount = nodeCount;
  }

  /** A decision, and when it was made by the clock of Redis, in microseconds. */
  record Taken(Decision decision, long nowMicros) {}

  @Override
  public Decision take(String subject, Quota quota) {
    try {
      return takeThere(subject, quota).decision();
    } catch (RedisAwayException _) {
      link.counters().increment(RedisCounter.WINDOWS_ALONE);
      int share = Math.ceilDiv(quota.limit(), nodeCount.getAsInt());
      return alone.take(subject, new Quota(quota.name(), share, quota.window()));
    }
  }

  Taken takeThere(String subject, Quota quota) {
    // The subject may be an address or a name: Redis gets a pseudonym.
    String[] keys = {"rl:{" + seal.pseudonym(subject) + "}:" + quota.name()};
    List<Long> reply =
        link.await(
            link.eval(
                Script.TAKE,
                ScriptOutputType.MULTI,
                keys,
                Long.toString(micros(quota.window())),
                Integer.toString(quota.limit())));
    boolean isAllowed = reply.get(0) == 1;
    // More than the limit may be there if a quota was lowered.
    int remaining = (int) Math.max(0, reply.get(1));
    int resetSec = remaining > 0 ? 0 : (int) Math.ceilDiv(reply.get(2), MICROS_PER_SECOND);
    return new Taken(new Decision(isAllowed, remaining, resetSec), reply.get(3));
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }
}
