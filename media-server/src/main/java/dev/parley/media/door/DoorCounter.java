package dev.parley.media.door;

/** What the door counts. */
public enum DoorCounter {
  /** Offers answered. */
  OFFERS_ANSWERED("Offers with a ticket that were answered"),
  /** ICE restarts. */
  ICE_RESTARTS("Times that ICE was begun anew by request at the door"),
  /** Sessions ended. */
  SESSIONS_ENDED("Media sessions that their clients ended at the door"),
  REFUSED_TICKET_INVALID("Offers refused: no ticket, or one not for this process and time"),
  REFUSED_TICKET_USED("Offers refused: the ticket was used before"),
  REFUSED_STALE("Offers refused: the conference is elsewhere, or over"),
  REFUSED_REMOVED("Offers refused: the participant was removed since"),
  REFUSED_BUSY("Offers refused: the server has no room, or no time"),
  REFUSED_OFFER("Offers refused: they cannot be answered"),
  REFUSED_RATE("Requests refused: too many from one address"),
  REFUSED_AT_ONCE("Requests refused: too many at once"),
  REFUSED_REQUEST("Requests refused: malformed, too large, or nothing is there"),
  FAILED("Requests that ended with a failure of ours");

  private final String description;

  DoorCounter(String description) {
    this.description = description;
  }

  public String description() {
    return description;
  }
}
