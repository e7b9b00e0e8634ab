package dev.parley.session.conference;

/** Where a conference is in its life. The table of what may follow what is {@link #mayBecome}. */
public enum ConferenceState {
  /** Made; nobody's media has come up yet. */
  CREATED,
  /** Somebody has been connected. */
  LIVE,
  /** No one may join any more; media servers are being told. */
  ENDING,
  /** Over, for ever. */
  ENDED;

  /** Returns true if a conference in this state may go to the other one. */
  public boolean mayBecome(ConferenceState next) {
    return switch (this) {
      case CREATED -> next == LIVE || next == ENDING;
      case LIVE -> next == ENDING;
      case ENDING -> next == ENDED;
      case ENDED -> false;
    };
  }

  /** Returns true while people may join. */
  public boolean isOpen() {
    return this == CREATED || this == LIVE;
  }
}
