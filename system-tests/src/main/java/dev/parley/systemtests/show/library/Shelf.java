package dev.parley.systemtests.show.library;

import dev.parley.session.conference.Message;
import dev.parley.session.conference.Outbox;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.ObjectKind;
import dev.parley.session.library.ObjectState;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Records of objects that were never at any store, for what is asked of records only. Stateless.
 */
final class Shelf {
  static final String STORE = "shelf";
  static final String REGION = "eu";

  private static final Instant START = Instant.parse("2026-11-22T05:00:00Z");
  private static final String HASH = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=";

  private Shelf() {}

  /** Returns a record that is not stored yet; a later number is a later object. */
  static LibraryObject object(
      int number, String tenant, ObjectKind kind, ObjectState state, Map<String, String> tags) {
    Instant at = START.plusMillis(number);
    String id = "ob_%024d".formatted(number);
    return new LibraryObject(
        id,
        tenant,
        new LibraryObject.Content(kind, 4, "text/plain", HASH, null),
        new LibraryObject.Label(
            "plan-" + number + ".txt", new TreeMap<>(tags), null, Message.Sender.BACKEND),
        new LibraryObject.Place(null, STORE, REGION, id, new TreeSet<>(), null),
        new LibraryObject.Keeping(null, false),
        new LibraryObject.Progress(state, at, at, true, null, false, null),
        "request",
        new TreeSet<>(),
        Outbox.EMPTY,
        1,
        0);
  }
}
