package dev.parley.session.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.access.Quota;
import dev.parley.session.coordination.RecordingFollower;
import dev.parley.session.event.EventLog.Following;
import dev.parley.session.event.EventLog.Replay;
import dev.parley.testsupport.RedisSentinels;
import dev.parley.testsupport.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Redis behind Sentinels, and a failover in mid-use. */
@Timeout(60)
final class RedisSentinelIT {
  private static final ConferenceId CONFERENCE = new ConferenceId("cf_1");
  private static final Quota QUOTA = new Quota("op", 5, Duration.ofSeconds(60));

  @Test
  void theReplicaTakesOverAndNoEventIsMissedUnnoticed() throws Exception {
    try (RedisSentinels sentinels = new RedisSentinels();
        RedisCoordination here = TestCoordination.impatient(sentinels.address());
        RedisCoordination there = TestCoordination.impatient(sentinels.address())) {
      RecordingFollower far = new RecordingFollower();
      try (Following _ = there.eventLog().follow(CONFERENCE, far)) {
        long start = far.gap();
        here.eventLog().append(CONFERENCE, "{\"n\":1}", false);
        assertThat(far.event().seq()).isEqualTo(start + 1);
        assertThat(here.rateWindows().take("t", QUOTA).remaining()).isEqualTo(4);
        RedisServer.await(
            "the replica has it", () -> !sentinels.replica().send("DBSIZE").equals(":0\n"));

        sentinels.primary().kill();
        RedisServer.await("it is noticed", () -> here.isAway() && there.isAway());
        RedisServer.await("the replica takes over", () -> !here.isAway() && !there.isAway());

        // The replica may lack the newest events: no old number is believed.
        assertThat(here.eventLog().after(CONFERENCE, start + 1, 10)).isEqualTo(Replay.UNKNOWN);
        RedisServer.await("events go on", () -> far.hears(here.eventLog(), CONFERENCE));
        assertThat(here.rateWindows().take("t", QUOTA).remaining())
            .as("what was replicated counts")
            .isLessThan(4);
      }
    }
  }
}
