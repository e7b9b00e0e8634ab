package dev.parley.session.conference;

/** How much of a conference somebody may see. */
public enum Sight {
  /** One who waits to be let in sees itself, and how the conference is as a whole. */
  WAITING,
  /** One who is in sees who else is. */
  PARTICIPANT,
  /** Moderators, and the tenant, see also who waits. */
  MODERATOR
}
