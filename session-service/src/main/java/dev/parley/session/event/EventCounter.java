package dev.parley.session.event;

/** What the events sockets count. */
public enum EventCounter {
  OPENED("Sockets with a good ticket"),
  TICKETS_REFUSED("Sockets with a ticket that was wrong, too old or used"),
  REFUSED_FULL("Sockets refused because the node or the conference has too many"),
  SNAPSHOTS("Welcomes with a snapshot"),
  RESUMED("Welcomes that went on where a broken socket had stopped"),
  RESYNCED("Snapshots sent to open sockets because events may have been missed"),
  PUBLISHED("State events published, whether watched or not"),
  SENT("Frames sent"),
  REQUESTS("Requests of clients, such as to send a message"),
  REQUESTS_REFUSED("Requests of clients that were refused"),
  SPEAKERS_MERGED("Speakers events replaced by a newer one before they were sent"),
  CLOSED_SLOW("Sockets closed because the client took too little"),
  CLOSED_MALFORMED("Sockets closed because of what the client sent, or for want of a hello");

  private final String description;

  EventCounter(String description) {
    this.description = description;
  }

  public String description() {
    return description;
  }
}
