package dev.parley.session.coordination.local;

import dev.parley.session.conference.CallStatuses;
import dev.parley.session.coordination.CallStatusesContract;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

final class LocalCallStatusesTest extends CallStatusesContract {
  private final AtomicLong nowNs = new AtomicLong(5);
  private final LocalCallStatuses statuses = new LocalCallStatuses(nowNs::get);

  @Override
  protected CallStatuses statuses() {
    return statuses;
  }

  @Override
  protected void pauseUntilOverdue() {
    nowNs.addAndGet(Duration.ofSeconds(31).toNanos());
  }
}
