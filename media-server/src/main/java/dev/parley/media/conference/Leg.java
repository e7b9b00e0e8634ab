package dev.parley.media.conference;

/**
 * One media session of a participant: what was negotiated for one transport, and how far that is.
 * Owned by one mix agent.
 */
final class Leg {
  /** How far the session is. */
  enum State {
    /** Admitted; no path yet. */
    JOINING,
    /** Media may flow. */
    CONNECTED,
    /** Not heard of for a few seconds; media is still sent. */
    RECONNECTING
  }

  private final ParticipantDescription description;
  private State state = State.JOINING;

  Leg(ParticipantDescription description) {
    this.description = description;
  }

  ParticipantDescription description() {
    return description;
  }

  int peerId() {
    return description.peerId();
  }

  int loopIndex() {
    return description.loopIndex();
  }

  State state() {
    return state;
  }

  void state(State newState) {
    state = newState;
  }
}
