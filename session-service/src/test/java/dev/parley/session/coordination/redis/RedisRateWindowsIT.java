package dev.parley.session.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.access.Quota;
import dev.parley.session.coordination.RateWindowsContract;
import dev.parley.testsupport.RedisServer;
import dev.parley.testsupport.SharedRedis;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RedisRateWindowsIT extends RateWindowsContract {
  private static final RedisServer REDIS = SharedRedis.server();
  private static final RedisCoordination NODE = TestCoordination.of(REDIS.address());
  private static final RedisRateWindows WINDOWS = (RedisRateWindows) NODE.rateWindows();

  @Override
  protected Timed take(String subject, Quota quota) {
    RedisRateWindows.Taken taken = WINDOWS.takeThere(subject, quota);
    return new Timed(taken.decision(), taken.nowMicros());
  }

  @Override
  protected void pause(Duration duration) {
    TestCoordination.pause(duration);
  }

  @Test
  void nodesCountTogether() {
    Quota quota = new Quota("shared", 3, Duration.ofSeconds(30));
    try (RedisCoordination other = TestCoordination.of(REDIS.address())) {
      assertThat(WINDOWS.take("t", quota).remaining()).isEqualTo(2);
      assertThat(other.rateWindows().take("t", quota).remaining()).isEqualTo(1);
      assertThat(WINDOWS.take("t", quota).remaining()).isZero();
      assertThat(other.rateWindows().take("t", quota).isAllowed()).isFalse();
    }
  }
}
