package dev.parley.session.coordination.local;

import dev.parley.session.conference.JoinQueues;
import dev.parley.session.coordination.JoinQueuesContract;
import java.time.Duration;

final class LocalJoinQueuesTest extends JoinQueuesContract {
  private long nowNs = 5;
  private final LocalJoinQueues queues = new LocalJoinQueues(() -> nowNs);

  @Override
  protected JoinQueues queues() {
    return queues;
  }

  @Override
  protected void pause(Duration duration) {
    nowNs += duration.toNanos();
  }
}
