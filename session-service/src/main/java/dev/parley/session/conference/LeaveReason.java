package dev.parley.session.conference;

/** Why a participant is out. */
public enum LeaveReason {
  /** It said so, or closed its connection. */
  CLIENT,
  /** A moderator or the tenant removed it. */
  KICKED,
  /** A moderator or the tenant removed it, and it may not come back for some time. */
  BANNED,
  /** Its media never came up, or stopped for too long. */
  ICE_TIMEOUT,
  /** Its media could not be secured (RFC 5763). */
  DTLS_FAILED,
  /** The media server it was on is gone, or failed. */
  SERVER_LOST,
  /** The conference ended. */
  ENDED,
  /** The same identity joined again and asked to take over. */
  REPLACED,
  /** It waited to be let in, and its client was not heard of any more. */
  WAIT_EXPIRED,
  /** Its turn came, and the conference was locked or full. */
  NO_PLACE;

  /** Returns true if others took it out, and it is not to come back by itself. */
  boolean isEviction() {
    return this == KICKED || this == BANNED;
  }
}
