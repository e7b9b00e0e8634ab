package dev.parley.session.coordination;

import dev.parley.session.access.OneTimeUse;
import dev.parley.session.access.RateWindows;
import dev.parley.session.conference.CallStatuses;
import dev.parley.session.conference.JoinQueues;
import dev.parley.session.conference.QualityBoard;
import dev.parley.session.conference.RosterVersions;
import dev.parley.session.event.EventLog;

/**
 * Everything that one coordination technology provides. Whatever it holds can be lost at any time
 * without losing a fact. Thread-safe.
 */
public interface Coordination extends AutoCloseable {
  RateWindows rateWindows();

  OneTimeUse usedTickets();

  EventLog eventLog();

  RosterVersions rosterVersions();

  JoinQueues joinQueues();

  CallStatuses callStatuses();

  QualityBoard qualityBoard();

  @Override
  void close();
}
