package dev.parley.session.conference;

/** Where a participant is in its stay. The table of what may follow what is {@link #mayBecome}. */
public enum ParticipantState {
  /** Admitted; its media is not up yet. */
  CONNECTING,
  /** Media flows. */
  CONNECTED,
  /** Media has stopped for some seconds; it may come back. */
  RECONNECTING,
  /** Out, for ever: a return is another stay with another id. */
  LEFT;

  /** Returns true if a participant in this state may go to the other one. */
  public boolean mayBecome(ParticipantState next) {
    return switch (this) {
      case CONNECTING -> next == CONNECTED || next == LEFT;
      case CONNECTED -> next == RECONNECTING || next == LEFT;
      case RECONNECTING -> next == CONNECTED || next == LEFT;
      case LEFT -> false;
    };
  }

  /** Returns true unless the participant has left. */
  public boolean isPresent() {
    return this != LEFT;
  }
}
