package dev.parley.session.conference;

/** What somebody who wants to come in waits for. */
public enum WaitReason {
  /** A moderator, who lets people in one by one. */
  LOBBY,
  /** A media server with room. */
  REGION_FULL
}
