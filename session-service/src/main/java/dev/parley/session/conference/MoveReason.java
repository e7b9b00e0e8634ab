package dev.parley.session.conference;

/** Why a conference's media goes to another server. */
public enum MoveReason {
  /** The server it was on is gone, or failed: nothing is heard until clients have come anew. */
  SERVER_LOST
}
