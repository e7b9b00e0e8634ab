package dev.parley.media.probe;

/** What the probe port counts. */
public enum ProbeCounter {
  ANSWERED("Probes answered"),
  MALFORMED("Datagrams that were no STUN Binding request, or asked for more than we understand"),
  LIMITED_BY_SOURCE("Probes left unanswered because their source had sent too many"),
  LIMITED_BY_ALL("Probes left unanswered because all sources together had sent too many"),
  FAILED("Answers that this machine could not send");

  private final String description;

  ProbeCounter(String description) {
    this.description = description;
  }

  public String description() {
    return description;
  }
}
