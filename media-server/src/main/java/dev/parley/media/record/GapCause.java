package dev.parley.media.record;

/** Why sound is missing from a recording, so that silence or concealment stands in its place. */
public enum GapCause {
  /** Packets of a talker did not come. */
  LOST(0),
  /** The mix was not made: the media thread was late, or the conference stood still. */
  NOT_MIXED(1),
  /** The recorder was too far behind, and its ring full. */
  OVERFLOW(2),
  /** Somebody was in the mix who has not consented to be recorded. */
  WITHHELD(3);

  private final int code;

  GapCause(int code) {
    this.code = code;
  }

  /** The number for it in a sealed file. */
  int code() {
    return code;
  }

  /** The word for it in a manifest. */
  public String word() {
    return switch (this) {
      case LOST -> "lost";
      case NOT_MIXED -> "not-mixed";
      case OVERFLOW -> "overflow";
      case WITHHELD -> "withheld";
    };
  }
}
