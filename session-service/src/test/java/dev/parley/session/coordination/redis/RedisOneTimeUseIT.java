package dev.parley.session.coordination.redis;

import dev.parley.session.access.OneTimeUse;
import dev.parley.session.coordination.OneTimeUseContract;
import dev.parley.testsupport.SharedRedis;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;

final class RedisOneTimeUseIT extends OneTimeUseContract {
  private static final RedisCoordination NODE = TestCoordination.of(SharedRedis.server().address());

  @AfterAll
  static void close() {
    NODE.close();
  }

  @Override
  protected OneTimeUse used() {
    return NODE.usedTickets();
  }

  @Override
  protected void pause(Duration duration) {
    TestCoordination.pause(duration);
  }
}
