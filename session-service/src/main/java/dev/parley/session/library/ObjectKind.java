package dev.parley.session.library;

/** What an object is. */
public enum ObjectKind {
  RECORDING,
  FILE,
  PHOTO,
  /** Shows a photo or a file small. */
  THUMBNAIL,
  /** Says what is in a recording: times, gaps, loudness. */
  MANIFEST,
  MESSAGE_LOG;

  /** True for what people share with each other in a call. */
  public boolean isShared() {
    return this == FILE || this == PHOTO;
  }

  /** True for what is told of together with another object, and not by itself. */
  public boolean isAnothers() {
    return this == THUMBNAIL || this == MANIFEST;
  }
}
