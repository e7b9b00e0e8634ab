package dev.parley.media.upload;

import java.io.IOException;

/** Why an upload does not go on now. Immutable. */
final class UploadStop extends IOException {
  private static final long serialVersionUID = 1;

  /** What is to become of it. */
  enum Kind {
    /** The session tier or the store is not ready: again later. */
    LATER,
    /** The objects are available already. */
    THERE,
    /** Nobody wants it any more. */
    UNWANTED,
    /** The store does not know this upload in parts. */
    LOST,
    /** The store knows it, but refuses it again and again: it is to be begun anew. */
    SPOILT,
    /** The spool's file cannot be read, or is not what its manifest says. */
    DAMAGED
  }

  private final Kind kind;

  UploadStop(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }
}
