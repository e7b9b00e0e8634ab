package dev.parley.session.coordination.redis;

import dev.parley.session.conference.QualityBoard;
import dev.parley.session.coordination.QualityBoardContract;
import dev.parley.testsupport.SharedRedis;
import org.junit.jupiter.api.AfterAll;

final class RedisQualityBoardIT extends QualityBoardContract {
  private static final RedisCoordination NODE = TestCoordination.of(SharedRedis.server().address());

  @AfterAll
  static void close() {
    NODE.close();
  }

  @Override
  protected QualityBoard board() {
    return NODE.qualityBoard();
  }
}
