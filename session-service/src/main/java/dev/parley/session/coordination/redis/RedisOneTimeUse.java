package dev.parley.session.coordination.redis;

import dev.parley.session.access.OneTimeUse;
import io.lettuce.core.SetArgs;
import java.time.Duration;

/**
 * Used ids as keys that expire. While Redis does not answer, each node remembers its own: what was
 * used on one may then be used on another again. Thread-safe.
 */
final class RedisOneTimeUse implements OneTimeUse {
  private final RedisLink link;
  private final OneTimeUse alone;

  RedisOneTimeUse(RedisLink link, OneTimeUse alone) {
    this.link = link;
    this.alone = alone;
  }

  @Override
  public boolean isFirstUse(String id, Duration keep) {
    SetArgs ifAbsent = SetArgs.Builder.nx().px(keep);
    try {
      // Null if it was there, so it is not awaited as it is.
      return link.await(
          link.send(commands -> commands.set("tkt:{" + id + "}", "", ifAbsent))
              .thenApply("OK"::equals));
    } catch (RedisAwayException _) {
      link.counters().increment(RedisCounter.TICKETS_ALONE);
      return alone.isFirstUse(id, keep);
    }
  }
}
