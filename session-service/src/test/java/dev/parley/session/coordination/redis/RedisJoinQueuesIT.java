package dev.parley.session.coordination.redis;

import dev.parley.session.conference.JoinQueues;
import dev.parley.session.coordination.JoinQueuesContract;
import dev.parley.testsupport.SharedRedis;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;

final class RedisJoinQueuesIT extends JoinQueuesContract {
  private static final RedisCoordination NODE = TestCoordination.of(SharedRedis.server().address());

  @AfterAll
  static void close() {
    NODE.close();
  }

  @Override
  protected JoinQueues queues() {
    return NODE.joinQueues();
  }

  @Override
  protected void pause(Duration duration) {
    TestCoordination.pause(duration);
  }
}
