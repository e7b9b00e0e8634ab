package dev.parley.session.store;

import java.util.Locale;

/** What one may ask of an {@link ItemStore}, as metrics name it. */
enum StoreOperation {
  GET(0),
  CREATE(1),
  REPLACE(2),
  DELETE(3),
  QUERY(4),
  QUERY_INDEX(5),
  SCAN(6);

  private final int kind;

  StoreOperation(int kind) {
    this.kind = kind;
  }

  /** Counts the operations from 0. */
  int kind() {
    return kind;
  }

  String tag() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
