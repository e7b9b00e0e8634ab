package dev.parley.session.coordination.redis;

import dev.parley.session.conference.CallStatuses;
import dev.parley.session.coordination.CallStatusesContract;
import dev.parley.testsupport.SharedRedis;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;

final class RedisCallStatusesIT extends CallStatusesContract {
  private static final Duration CLAIM_AFTER = Duration.ofMillis(200);
  private static final RedisCoordination NODE = TestCoordination.of(SharedRedis.server().address());
  private static final CallStatuses STATUSES = NODE.callStatuses(CLAIM_AFTER);

  @AfterAll
  static void close() {
    NODE.close();
  }

  @Override
  protected CallStatuses statuses() {
    return STATUSES;
  }

  @Override
  protected void pauseUntilOverdue() {
    TestCoordination.pause(CLAIM_AFTER.plusMillis(1));
  }
}
