package dev.parley.session.recording;

/** Why nothing more is recorded, or nothing was. */
public enum EndReason {
  /** Somebody stopped it. */
  STOPPED,
  /** Its conference is over. */
  CONFERENCE_ENDED,
  /** The media server had no room for more. */
  DISK_FULL,
  /** The media server's disk failed. */
  DISK_FAILED,
  /** It went on at so many media servers as it may. */
  TOO_MANY_SEGMENTS,
  /** No media server began it. */
  NOT_BEGUN,
  /** It began, and ended before anything was recorded. */
  NOTHING_RECORDED,
  /** What was recorded did not come to its store in a day. */
  LOST,
  /** Who is heard in it was erased before any of it came to its store. */
  ERASED
}
