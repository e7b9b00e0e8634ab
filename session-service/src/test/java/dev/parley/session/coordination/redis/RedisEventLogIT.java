package dev.parley.session.coordination.redis;

import dev.parley.session.coordination.EventLogContract;
import dev.parley.session.event.EventLog;
import dev.parley.testsupport.SharedRedis;
import org.junit.jupiter.api.AfterAll;

final class RedisEventLogIT extends EventLogContract {
  private static final RedisCoordination HERE = TestCoordination.of(SharedRedis.server().address());
  private static final RedisCoordination THERE =
      TestCoordination.of(SharedRedis.server().address());

  @AfterAll
  static void close() {
    HERE.close();
    THERE.close();
  }

  @Override
  protected EventLog here() {
    return HERE.eventLog();
  }

  @Override
  protected EventLog there() {
    return THERE.eventLog();
  }
}
