package dev.parley.session.library;

/** What an object is. */
public enum ObjectKind {
  RECORDING,
  FILE,
  PHOTO,
  /** Shows a photo or a file small. */
  THUMBNAIL,
  MESSAGE_LOG;

  /** True for what people share with each other in a call. */
  public boolean isShared() {
    return this == FILE || this == PHOTO;
  }
}
