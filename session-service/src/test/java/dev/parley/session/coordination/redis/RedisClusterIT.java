package dev.parley.session.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.session.access.Quota;
import dev.parley.session.conference.CallStatus;
import dev.parley.session.conference.JoinQueues.Waiting;
import dev.parley.session.conference.ParticipantState;
import dev.parley.session.conference.RosterVersions.Newest;
import dev.parley.session.coordination.RecordingFollower;
import dev.parley.session.event.EventLog.Following;
import dev.parley.testsupport.RedisCluster;
import dev.parley.testsupport.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everything on a cluster, whose servers refuse what is not of one slot. */
@Timeout(60)
final class RedisClusterIT {
  private static final int SLOTS_TRIED = 60;
  private static final Duration KEEP = Duration.ofSeconds(30);
  private static final Quota QUOTA = new Quota("op", 2, KEEP);

  @Test
  void everyScriptKeepsToOneSlotAndALostServerTakesOnlyItsOwnAway() throws Exception {
    try (RedisCluster cluster = new RedisCluster();
        RedisCoordination here = TestCoordination.impatient(cluster.address());
        RedisCoordination there = TestCoordination.impatient(cluster.address())) {
      for (int i = 0; i < SLOTS_TRIED; i++) {
        use(here, there, i);
      }
      assertThat(here.counters().value(RedisCounter.FAILURES)).isZero();
      for (RedisServer server : cluster.nodes()) {
        assertThat(server.send("DBSIZE")).as("each server has a share").isNotEqualTo(":0\n");
      }

      cluster.nodes().get(2).kill();

      int alone = 0;
      for (int i = 0; i < SLOTS_TRIED; i++) {
        long before = here.counters().value(RedisCounter.WINDOWS_ALONE);
        assertThat(here.rateWindows().take("again" + i, QUOTA).isAllowed()).isTrue();
        alone += here.counters().value(RedisCounter.WINDOWS_ALONE) > before ? 1 : 0;
      }
      assertThat(alone).isBetween(1, SLOTS_TRIED - 1);
    }
  }

  private static void use(RedisCoordination here, RedisCoordination there, int i)
      throws InterruptedException {
    ConferenceId conference = new ConferenceId("cf_" + i);
    ParticipantId ana = new ParticipantId("pt_" + i);
    Region region = new Region("r" + i);
    RecordingFollower follower = new RecordingFollower();
    try (Following _ = there.eventLog().follow(conference, follower)) {
      long start = follower.gap();
      here.eventLog().append(conference, "{\"n\":1}", false);
      assertThat(follower.event().seq()).isEqualTo(start + 1);
      assertThat(here.eventLog().after(conference, start, 9).entries()).hasSize(1);
    }
    assertThat(here.rateWindows().take("t" + i, QUOTA).remaining()).isEqualTo(1);
    assertThat(there.rateWindows().take("t" + i, QUOTA).remaining()).isZero();
    assertThat(here.usedTickets().isFirstUse("u" + i, KEEP)).isTrue();
    assertThat(there.usedTickets().isFirstUse("u" + i, KEEP)).isFalse();
    here.rosterVersions().note(conference, ana, new Newest(1, true));
    assertThat(here.rosterVersions().newest(conference)).hasSize(1);
    assertThat(here.joinQueues().enter(region, new Waiting(ana, conference, 1), KEEP)).isZero();
    assertThat(there.joinQueues().take(region, 1)).hasSize(1);
    here.callStatuses()
        .send(region, new CallStatus(conference, ana, 1, ParticipantState.CONNECTED));
    if (i == 0) {
      assertThat(there.callStatuses().take(region, "there", 1, KEEP)).hasSize(1);
    }
  }
}
