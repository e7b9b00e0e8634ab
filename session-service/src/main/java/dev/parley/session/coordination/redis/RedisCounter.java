package dev.parley.session.coordination.redis;

/** What the way to Redis counts. */
public enum RedisCounter {
  TIMEOUTS("Commands that Redis did not answer in time"),
  FAILURES("Commands that failed otherwise: refused, not connected, too many waiting"),
  REJECTED("Commands not sent because Redis was away"),
  ABSENCES("Times that Redis went away"),
  WINDOWS_ALONE("Requests counted against this node's share of a quota as Redis did not answer"),
  TICKETS_ALONE("Tickets of which only this node knows that they are used"),
  EVENTS_ALONE("Events told to this node's sockets alone"),
  GAPS("Times that a followed log had lost events, so that watchers got a snapshot"),
  LOGS_ALONE("Times that a followed log was out of reach, so that watchers got a snapshot"),
  ENTRIES_UNREADABLE("Events in the log that another service's secret has sealed, or nobody's"),
  VERSIONS_LOST("Roster versions that were not noted"),
  QUEUED_ALONE("Entries into a queue of this node alone"),
  STATUSES_ALONE("Call statuses that went by this node's own stream"),
  QUALITY_ALONE("Calls' figures that only the node knows that was told them");

  private final String description;

  RedisCounter(String description) {
    this.description = description;
  }

  public String description() {
    return description;
  }
}
