package dev.parley.session.library;

/** What an object is. */
public enum ObjectKind {
  RECORDING,
  FILE,
  PHOTO,
  MESSAGE_LOG
}
