package dev.parley.session.coordination.local;

import dev.parley.session.access.OneTimeUse;
import dev.parley.session.access.RateWindows;
import dev.parley.session.conference.CallStatuses;
import dev.parley.session.conference.JoinQueues;
import dev.parley.session.conference.QualityBoard;
import dev.parley.session.conference.RosterVersions;
import dev.parley.session.coordination.Coordination;
import dev.parley.session.event.EventLog;
import java.time.Clock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Coordination for one node, in memory and bounded. */
public final class LocalCoordination implements Coordination {
  private final LocalRateWindows rateWindows;
  private final LocalOneTimeUse usedTickets;
  private final LocalEventLog eventLog;
  private final LocalRosterVersions rosterVersions;
  private final LocalJoinQueues joinQueues;
  private final LocalCallStatuses callStatuses;
  private final LocalQualityBoard qualityBoard;

  /**
   * Takes the clocks.
   *
   * @param nanoTime monotonic time in nanoseconds
   */
  public LocalCoordination(Clock clock, LongSupplier nanoTime, RandomGenerator random) {
    rateWindows = new LocalRateWindows(nanoTime);
    usedTickets = new LocalOneTimeUse(nanoTime);
    eventLog = new LocalEventLog(clock, random);
    rosterVersions = new LocalRosterVersions();
    joinQueues = new LocalJoinQueues(nanoTime);
    callStatuses = new LocalCallStatuses(nanoTime);
    qualityBoard = new LocalQualityBoard(nanoTime);
  }

  @Override
  public RateWindows rateWindows() {
    return rateWindows;
  }

  @Override
  public OneTimeUse usedTickets() {
    return usedTickets;
  }

  @Override
  public EventLog eventLog() {
    return eventLog;
  }

  @Override
  public RosterVersions rosterVersions() {
    return rosterVersions;
  }

  @Override
  public JoinQueues joinQueues() {
    return joinQueues;
  }

  @Override
  public CallStatuses callStatuses() {
    return callStatuses;
  }

  @Override
  public QualityBoard qualityBoard() {
    return qualityBoard;
  }

  /** Nothing is held outside of this object. */
  @Override
  public void close() {}
}
