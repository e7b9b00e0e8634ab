package dev.parley.session.conference;

/** Why a conference ended. */
public enum EndReason {
  /** The tenant or a moderator ended it. */
  API,
  /** The last host left, and it was to end then. */
  HOST_LEFT,
  /** The last participant left, and it was to end then. */
  LAST_LEFT,
  /** Nobody was in it for its empty timeout. */
  EMPTY_TIMEOUT,
  /** It had gone on for as long as it may. */
  MAX_DURATION
}
