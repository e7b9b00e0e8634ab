package dev.parley.session.object;

/** What a store is. */
public enum StoreKind {
  /** S3, or what speaks its protocol. */
  S3,
  /** The directory store of this project. */
  DIRECTORY
}
