package dev.parley.session.library;

import dev.parley.session.conference.ContendedException;
import dev.parley.session.conference.Notices;
import dev.parley.session.conference.ObjectOutboxes;
import dev.parley.session.conference.Outbox;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the Library knows of objects and changes it, so that what breaks off is due.
 * Thread-safe; blocks on the item store.
 */
final class ObjectRecords implements ObjectOutboxes {
  /** When to look again at what was not done. */
  static final Duration AGAIN_AFTER = Duration.ofSeconds(30);

  static final int ATTEMPTS_MAX = 20;

  private final LibraryStore store;
  private final Clock clock;

  ObjectRecords(LibraryStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Now, in whole milliseconds, as the store keeps it. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Returns an object of a tenant, erased or not; null if there is none. */
  @Nullable LibraryObject find(String tenant, String id) {
    LibraryObject object = store.object(id);
    return object == null || !object.tenant().equals(tenant) ? null : object;
  }

  /**
   * Changes an object that is not erased.
   *
   * @param expected the revision that the caller saw, or null for any
   */
  Outcome<LibraryObject> change(
      String tenant,
      String id,
      @Nullable Long expected,
      Function<LibraryObject, LibraryObject> change) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      LibraryObject before = find(tenant, id);
      ObjectRefusal refusal = before == null ? new ObjectRefusal.NotFound() : erased(before);
      if (before == null || refusal != null) {
        return new Outcome.Refused<>(refusal == null ? new ObjectRefusal.NotFound() : refusal);
      }
      if (expected != null && expected != before.revision()) {
        return new Outcome.Refused<>(new ObjectRefusal.VersionMismatch(before.revision()));
      }
      LibraryObject next = change.apply(before);
      if (next.equals(before)) {
        return new Outcome.Done<>(before);
      }
      LibraryObject written = write(withRowsOf(before, next.revised()));
      if (written != null) {
        return new Outcome.Done<>(settleRows(written));
      }
    }
    throw new ContendedException("object " + id);
  }

  /** Why nothing can be done with an object any more, or null. */
  static @Nullable ObjectRefusal erased(LibraryObject object) {
    return object.progress().state().isThere() ? null : new ObjectRefusal.Erased();
  }

  /** What it was found under stays known until it is gone. */
  static LibraryObject withRowsOf(LibraryObject before, LibraryObject next) {
    SortedSet<String> rows = new TreeSet<>(before.tagRows());
    rows.addAll(before.wantedRows());
    return next.withTagRows(rows);
  }

  /** Brings the tag rows to what they should be; what breaks off is due. */
  LibraryObject settleRows(LibraryObject object) {
    if (!object.hasRowsDue()) {
      return object;
    }
    SortedSet<String> wanted = object.wantedRows();
    wanted.forEach(row -> store.addTagRow(object, row));
    for (String row : object.tagRows()) {
      if (!wanted.contains(row)) {
        store.removeTagRow(object, row);
      }
    }
    LibraryObject settled = write(object.withTagRows(wanted));
    return settled == null ? object : settled;
  }

  /**
   * Stores it, due if there is something left to do.
   *
   * @return null if somebody was faster
   */
  @Nullable LibraryObject write(LibraryObject object) {
    LibraryObject.Progress progress = object.progress();
    Instant dueAt = Notices.dueAt(object.outbox());
    if (object.hasRowsDue()) {
      dueAt = earlier(dueAt, now().plus(AGAIN_AFTER));
    }
    dueAt = earlier(dueAt, Erasures.dueAt(object, now()));
    return store.write(object.withProgress(progress.dueAt(dueAt)));
  }

  @Override
  public Outbox outbox(String id) {
    LibraryObject object = store.object(id);
    return object == null ? Outbox.EMPTY : object.outbox();
  }

  @Override
  public void clear(String id, long upTo) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      LibraryObject object = store.object(id);
      if (object == null
          || !object.outbox().hasPending()
          || object.outbox().pending().getFirst().sequence() > upTo
          || write(object.withOutbox(object.outbox().without(upTo))) != null) {
        return;
      }
    }
    throw new ContendedException("object " + id);
  }

  private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    return one == null || (other != null && other.isBefore(one)) ? other : one;
  }
}
