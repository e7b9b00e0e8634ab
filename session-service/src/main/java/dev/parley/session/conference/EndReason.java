package dev.parley.session.conference;

/** Why a conference ended. */
public enum EndReason {
  /** The tenant or a moderator ended it. */
  API,
  /** Nobody was in it for its empty timeout. */
  EMPTY_TIMEOUT
}
