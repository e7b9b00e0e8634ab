package dev.parley.media.control;

/** What the control link counts. */
public enum LinkCounter {
  DIALS("Attempts to reach a session node"),
  LINKS_UP("Links that were greeted"),
  LINKS_LOST("Links that broke after they were greeted"),
  PEERS_SILENT("Links given up because no pong came, or a frame was not taken, in time"),
  PEERS_REFUSED("Links given up because of the node's protocol version or address"),
  FRAMES_MALFORMED("Frames that were no control message"),
  FRAMES_UNKNOWN("Messages of a type this build does not know"),
  FRAMES_UNEXPECTED("Messages that make no sense at this point of a link"),
  FENCED("Times that the session tier had given this server up; each began another incarnation"),
  PROBES_ASKED("Other servers probed because the session tier had lost sight of them"),
  PROBES_REFUSED("Probes of others not made because too many were under way"),
  COMMANDS_APPLIED("Commands carried out"),
  COMMANDS_REPEATED("Commands that had been carried out before"),
  COMMANDS_STALE("Commands refused for an old epoch"),
  COMMANDS_BUSY("Commands refused for want of room in the link itself"),
  COMMANDS_FAILED("Commands that ended with an exception"),
  RESULTS_DROPPED("Results dropped because a link had too many waiting; asked for again"),
  REPORTS_SENT("State reports sent, repetitions included"),
  REPORTS_REPEATED("State reports made to be sent again, on the same or another link"),
  SPEAKERS_SENT("Speaker lists sent"),
  SPEAKERS_DROPPED("Speaker lists replaced or dropped because no link took them in time"),
  UPLOADS_ASKED("Questions about uploads sent, repetitions included"),
  UPLOADS_ASKED_AGAIN("Questions about uploads asked again: a link broke, or no answer came"),
  UPLOADS_LATE("Answers about uploads that nobody waited for any more"),
  QUALITY_SENT("Conferences' call figures sent"),
  QUALITY_DROPPED(
      "Conferences' call figures replaced or dropped because no link took them in time");

  private final String description;

  LinkCounter(String description) {
    this.description = description;
  }

  public String description() {
    return description;
  }
}
