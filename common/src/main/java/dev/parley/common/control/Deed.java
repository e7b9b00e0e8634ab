package dev.parley.common.control;

/** What is done about one participant while nothing can be recorded. */
public enum Deed {
  /** Its audio is not passed on. */
  MUTE,
  /** Its audio is passed on again. */
  UNMUTE,
  /** It neither hears nor is heard. */
  HOLD,
  /** It hears and is heard again. */
  RELEASE,
  /** It leaves, as it wishes. */
  LEAVE,
  /** Others take it out. */
  EVICT;

  /** Whether the participant is out after it. */
  public boolean isDeparture() {
    return this == LEAVE || this == EVICT;
  }
}
