package dev.parley.session.coordination.redis;

import dev.parley.session.conference.RosterVersions;
import dev.parley.session.coordination.RosterVersionsContract;
import dev.parley.testsupport.SharedRedis;
import org.junit.jupiter.api.AfterAll;

final class RedisRosterVersionsIT extends RosterVersionsContract {
  private static final RedisCoordination NODE = TestCoordination.of(SharedRedis.server().address());

  @AfterAll
  static void close() {
    NODE.close();
  }

  @Override
  protected RosterVersions versions() {
    return NODE.rosterVersions();
  }
}
