package dev.parley.session.library;

import dev.parley.session.conference.ContendedException;
import dev.parley.session.conference.NoticeType;
import dev.parley.session.library.LibraryObject.Keeping;
import dev.parley.session.library.LibraryObject.Label;
import dev.parley.session.library.LibraryObject.Progress;
import dev.parley.session.object.ObjectStore;
import dev.parley.session.object.ObjectStoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Erases objects: for good, and with a receipt once their store confirms it; and whatever else is
 * due with one. Thread-safe; blocks on the item store and the object store.
 */
final class Erasures {
  /** What was registered and not committed by then is erased. */
  private static final Duration PENDING_MAX = Duration.ofHours(24);

  /** A media server may be cut off for long, and keeps what it recorded until then. */
  private static final Duration RECORDED_MAX = Duration.ofDays(30);

  /** What is on hold is looked at again then; whoever ends the hold need not know of this. */
  private static final Duration HELD_LOOK_AFTER = Duration.ofDays(1);

  private final ObjectRecords records;
  private final StorePlaces places;
  private final ObjectRules rules;
  private final Announcements announcements;
  private final LongAdder unconfirmed = new LongAdder();
  private final LongAdder expired = new LongAdder();

  Erasures(
      ObjectRecords records, StorePlaces places, ObjectRules rules, Announcements announcements) {
    this.records = records;
    this.places = places;
    this.rules = rules;
    this.announcements = announcements;
  }

  /** How often a store did not confirm that an object is gone. */
  long unconfirmedCount() {
    return unconfirmed.sum();
  }

  /** How many objects were erased because they had been kept long enough. */
  long expiredCount() {
    return expired.sum();
  }

  /** When an object has to be looked at for its state's sake, or null. */
  static @Nullable Instant dueAt(LibraryObject object, Instant now) {
    Progress progress = object.progress();
    return switch (progress.state()) {
      case PENDING -> progress.createdAt().plus(pendingMax(object));
      case AVAILABLE, LOST -> progress.lookAt();
      case ERASING -> now.plus(ObjectRecords.AGAIN_AFTER);
      case ERASED -> progress.isSwept() ? null : sweepAt(object);
    };
  }

  private static Duration pendingMax(LibraryObject object) {
    return isFromMediaServers(object) ? RECORDED_MAX : PENDING_MAX;
  }

  /** Only these come in parts; what was registered as a recording with its length does not. */
  static boolean isFromMediaServers(LibraryObject object) {
    return object.requestHash().equals(TrackUploads.REQUEST);
  }

  /** Erases an object. What it was called is gone at once. */
  Outcome<LibraryObject> erase(String tenant, String id, @Nullable Long expected) {
    for (int attempt = 1; attempt <= ObjectRecords.ATTEMPTS_MAX; attempt++) {
      LibraryObject before = records.find(tenant, id);
      if (before == null) {
        return new Outcome.Refused<>(new ObjectRefusal.NotFound());
      }
      if (before.progress().state() == ObjectState.ERASED) {
        return new Outcome.Done<>(before);
      }
      Keeping keeping = before.keeping();
      if (keeping.isKept(records.now()) && before.progress().state().wasCommitted()) {
        return new Outcome.Refused<>(
            new ObjectRefusal.Kept(keeping.isHeld(), keeping.retainUntil()));
      }
      if (before.progress().state() == ObjectState.AVAILABLE && rules.isHeld(before)) {
        return new Outcome.Refused<>(new ObjectRefusal.KeptWithOthers());
      }
      if (expected != null && expected != before.revision()) {
        return new Outcome.Refused<>(new ObjectRefusal.VersionMismatch(before.revision()));
      }
      LibraryObject erasing =
          before.progress().state().isThere() ? records.write(erasing(before)) : before;
      if (erasing != null) {
        return new Outcome.Done<>(finish(erasing));
      }
    }
    throw new ContendedException("object " + id);
  }

  /** Does what is due with an object. */
  void lookAfter(LibraryObject object) {
    Instant dueAt = object.progress().dueAt();
    if (dueAt == null || dueAt.isAfter(records.now())) {
      return;
    }
    if (object.outbox().hasPending()) {
      // That makes it another version; whatever else is due has its turn after this.
      announcements.handOn(object);
      return;
    }
    switch (object.progress().state()) {
      case PENDING -> {
        LibraryObject erasing = records.write(erasing(object));
        if (erasing != null) {
          LibraryObject _ = finish(erasing);
        }
      }
      case ERASING -> {
        LibraryObject _ = finish(object);
      }
      case AVAILABLE, LOST -> expire(records.settleRows(object));
      case ERASED -> sweep(object);
    }
  }

  /** Erases it if it has been kept long enough, as its rules are now, and nothing holds it. */
  private void expire(LibraryObject object) {
    Instant now = records.now();
    Instant lookAt = object.progress().lookAt();
    if (lookAt == null || lookAt.isAfter(now)) {
      return;
    }
    Instant expiry = rules.judgeOfDays(object.tenant()).expiry(object);
    if (expiry == null || expiry.isAfter(now)) {
      later(object, expiry);
    } else if (object.keeping().isHeld() || rules.isHeld(object)) {
      later(object, now.plus(HELD_LOOK_AFTER));
    } else {
      LibraryObject erasing =
          records.write(erasing(object).withProgress(object.progress().expired()));
      if (erasing != null) {
        expired.increment();
        LibraryObject _ = finish(erasing);
      }
    }
  }

  private void later(LibraryObject object, @Nullable Instant lookAt) {
    // If somebody is faster, it is due still.
    LibraryObject _ = records.write(object.withProgress(object.progress().lookAt(lookAt)));
  }

  private static LibraryObject erasing(LibraryObject before) {
    LibraryObject next =
        before.withLabel(Label.NONE).withProgress(before.progress().erasing()).revised();
    return ObjectRecords.withRowsOf(before, next);
  }

  /** Has the store remove the content; if it does not confirm it, it is tried again later. */
  private LibraryObject finish(LibraryObject erasing) {
    announcements.gone(erasing);
    String thumbnail = erasing.content().thumbnail();
    if (thumbnail != null) {
      Outcome<LibraryObject> _ = erase(erasing.tenant(), thumbnail, null);
    }
    try {
      remove(erasing);
    } catch (ObjectStoreUnavailableException e) {
      unconfirmed.increment();
      LibraryObject later = records.write(erasing);
      return later == null ? erasing : later;
    }
    LibraryObject erased = erasing.withProgress(erasing.progress().erased(records.now())).revised();
    LibraryObject written =
        records.write(
            erased.progress().availableAt() == null
                ? erased
                : announcements.post(erased, NoticeType.OBJECT_ERASED));
    if (written == null) {
      return erasing;
    }
    announcements.hasten(written);
    return records.settleRows(written);
  }

  /**
   * Removes once more what a URL for uploading, signed before the erasure, may have brought back.
   */
  private void sweep(LibraryObject erased) {
    LibraryObject settled = records.settleRows(erased);
    Instant sweepAt = sweepAt(settled);
    if (sweepAt != null && !sweepAt.isAfter(records.now())) {
      remove(settled);
      LibraryObject _ = records.write(settled.withProgress(settled.progress().swept()));
    }
  }

  private void remove(LibraryObject object) {
    ObjectStore place = places.of(object);
    if (isFromMediaServers(object) && object.progress().availableAt() == null) {
      // Whoever was sending it may be gone.
      int _ = place.abortUploads(object.place().key());
    }
    place.remove(object.place().key());
  }

  /** When the last URL for uploading is worth nothing; null if that is so when it is erased. */
  private static @Nullable Instant sweepAt(LibraryObject object) {
    Progress progress = object.progress();
    Instant erasedAt = progress.erasedAt();
    Instant lastSigned =
        progress.createdAt().plus(pendingMax(object)).plus(Library.UPLOAD_GOOD_FOR);
    return erasedAt == null || erasedAt.isAfter(lastSigned)
        ? null
        : erasedAt.plus(Library.UPLOAD_GOOD_FOR);
  }
}
