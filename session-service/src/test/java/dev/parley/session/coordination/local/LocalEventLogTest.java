package dev.parley.session.coordination.local;

import dev.parley.session.coordination.EventLogContract;
import dev.parley.session.event.EventLog;
import java.time.Clock;
import java.util.Random;

final class LocalEventLogTest extends EventLogContract {
  private final LocalEventLog log = new LocalEventLog(Clock.systemUTC(), new Random(1));

  @Override
  protected EventLog here() {
    return log;
  }

  @Override
  protected EventLog there() {
    return log;
  }
}
