package dev.parley.session.conference;

/** Where a participant is in its stay. The table of what may follow what is {@link #mayBecome}. */
public enum ParticipantState {
  /** It waits to be let in; only moderators and itself know of it. */
  QUEUED,
  /** Let in; its media is not up yet. */
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
      case QUEUED -> next == CONNECTING || next == LEFT;
      case CONNECTING -> next == CONNECTED || next == LEFT;
      case CONNECTED -> next == RECONNECTING || next == LEFT;
      case RECONNECTING -> next == CONNECTED || next == LEFT;
      case LEFT -> false;
    };
  }

  /** Returns true if the participant was let in and has not left. */
  public boolean isPresent() {
    return this != QUEUED && this != LEFT;
  }

  /** Returns true once the participant has left, or gave up waiting. */
  public boolean isOver() {
    return this == LEFT;
  }
}
