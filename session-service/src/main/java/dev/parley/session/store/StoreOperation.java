package dev.parley.session.store;

import java.util.Locale;

/** What one may ask of an {@link ItemStore}, as metrics name it. */
enum StoreOperation {
  GET,
  CREATE,
  REPLACE,
  DELETE,
  QUERY,
  QUERY_INDEX,
  SCAN;

  String tag() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
