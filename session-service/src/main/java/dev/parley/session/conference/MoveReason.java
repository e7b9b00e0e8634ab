package dev.parley.session.conference;

/** Why a conference's media goes to another server. */
public enum MoveReason {
  /** The server it was on is gone, or failed: nothing is heard until clients have come anew. */
  SERVER_LOST,
  /**
   * The server is to be emptied: it goes on until everyone has come to the new one, or a while has
   * gone, so clients make new media sessions beside the old ones.
   */
  DRAIN
}
