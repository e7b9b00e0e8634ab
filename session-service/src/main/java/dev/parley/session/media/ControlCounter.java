package dev.parley.session.media;

/** What the node's end of the control links counts. */
public enum ControlCounter {
  LINKS_ACCEPTED("Links greeted"),
  LINKS_REFUSED("Links refused: certificate, version, fenced incarnation, too many"),
  LINKS_SILENT("Links closed because no hello came, or a frame was not taken, in time"),
  FRAMES_MALFORMED("Frames that were no control message"),
  FRAMES_UNKNOWN("Messages of a type this build does not know"),
  FRAMES_UNEXPECTED("Messages that make no sense at this point of a link"),
  REPORTS_APPLIED("State reports applied"),
  REPORTS_REPEATED("State reports that had been applied before"),
  REPORTS_ELSEWHERE("Times that another node had taken the reports in between"),
  REPORTS_FAILED("Attempts to apply a report that failed; it is tried again"),
  SPEAKERS_DROPPED("Speaker lists replaced before anyone took them"),
  QUALITY_DROPPED("Conferences' call figures replaced or dropped because they came too fast"),
  ORDERS_SENT("Orders sent, repetitions included"),
  ORDERS_UNREACHABLE("Orders without an answer in time"),
  RESULTS_LATE("Results that nobody waited for any more"),
  UPLOADS_ASKED("Questions about uploads answered"),
  UPLOADS_BUSY("Questions about uploads put off because too many were being answered"),
  SERVERS_DOUBTED("Times that a media server was not heard of and witnesses were asked"),
  SERVERS_LOST("Media servers given up"),
  SERVERS_FENCED("Times that a server that had been given up was told so");

  private final String description;

  ControlCounter(String description) {
    this.description = description;
  }

  public String description() {
    return description;
  }
}
