package dev.parley.session.library;

import dev.parley.common.control.UploadRequest;
import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.NoticeType;
import dev.parley.session.object.ObjectStore;
import dev.parley.session.object.ObjectStoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Objects that are registered before anybody knows how long they will be, and are compared with
 * what came. Thread-safe; blocks on the item store and the object store.
 */
final class RecordedObjects {
  /** How names of tracks' sounds end. */
  static final String SUFFIX = ".ogg";

  private static final int PAGE_SIZE = 200;

  private final Library library;
  private final LibraryStore store;
  private final ObjectIds ids;
  private final ObjectRecords records;
  private final StorePlaces places;
  private final Announcements announcements;

  RecordedObjects(
      Library library,
      LibraryStore store,
      ObjectIds ids,
      ObjectRecords records,
      StorePlaces places,
      Announcements announcements) {
    this.library = library;
    this.store = store;
    this.ids = ids;
    this.records = records;
    this.places = places;
    this.announcements = announcements;
  }

  /**
   * Returns the object of a draft's idempotency key, which it registers if there is none.
   *
   * @param region in whose library; null for the primary's
   */
  Outcome<LibraryObject> expect(Library.Draft draft, @Nullable String region) {
    LibraryObject there = store.object(ids.next(draft.tenant(), draft.idempotencyKey(), region));
    if (there != null) {
      return new Outcome.Done<>(there);
    }
    return switch (library.register(draft, region)) {
      case Outcome.Done<Library.Registered>(Library.Registered registered) ->
          new Outcome.Done<>(registered.object());
      case Outcome.Refused<Library.Registered>(ObjectRefusal refusal) ->
          new Outcome.Refused<>(refusal);
    };
  }

  /** Erases the object of an idempotency key, if there is one. */
  Outcome<LibraryObject> erase(String tenant, String idempotencyKey, @Nullable String region) {
    return library.erase(tenant, ids.next(tenant, idempotencyKey, region), null);
  }

  /** Erases some of a conference's tracks. */
  TrackUploads.Erased erase(String tenant, ConferenceId conference, Predicate<String> isUnwanted) {
    LibraryStore.Selection tracks =
        new LibraryStore.Selection(
            tenant, conference, Set.of(ObjectKind.RECORDING), Map.of(), false);
    int erased = 0;
    int kept = 0;
    String cursor = null;
    do {
      LibraryStore.Page page = library.list(tracks, PAGE_SIZE, cursor);
      for (LibraryObject object : page.objects()) {
        if (Erasures.isFromMediaServers(object) && isUnwanted.test(trackOf(object))) {
          boolean isErased = library.erase(tenant, object.id(), null) instanceof Outcome.Done<?>;
          erased += isErased ? 1 : 0;
          kept += isErased ? 0 : 1;
        }
      }
      cursor = page.next();
    } while (cursor != null);
    return new TrackUploads.Erased(erased, kept);
  }

  private static String trackOf(LibraryObject object) {
    String name = object.label().name();
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }

  /** Why an object may not be where it is to lie, or null if it may. */
  @Nullable ObjectRefusal outside(LibraryObject object) {
    return Library.outside(object, library.judge(object.tenant()));
  }

  /** Asks the store for an object, and lets it be used if it is what its sender says it is. */
  Outcome<LibraryObject> arrive(LibraryObject object, UploadRequest.Content sent) {
    if (object.progress().state() == ObjectState.AVAILABLE) {
      announcements.available(object);
      return new Outcome.Done<>(object);
    }
    ObjectStore.Found found = places.of(object).find(object.place().key());
    if (found == null) {
      return new Outcome.Refused<>(new ObjectRefusal.Absent(object));
    }
    if (found.lengthBytes() != sent.length()) {
      return new Outcome.Refused<>(new ObjectRefusal.Different("size"));
    }
    String checksum = sent.checksum() == null ? sent.sha256() : sent.checksum();
    if (found.sha256() != null && !found.sha256().equals(checksum)) {
      return new Outcome.Refused<>(new ObjectRefusal.Different("sha256"));
    }
    boolean isHashVerified = found.sha256() != null;
    ObjectRules.Judge judge = library.judge(object.tenant());
    Outcome<LibraryObject> arrived =
        records.change(
            object.tenant(),
            object.id(),
            null,
            before -> available(before, sent, isHashVerified, judge));
    if (arrived instanceof Outcome.Done<LibraryObject>(LibraryObject available)) {
      announcements.available(available);
    }
    return arrived;
  }

  private LibraryObject available(
      LibraryObject before,
      UploadRequest.Content sent,
      boolean isHashVerified,
      ObjectRules.Judge judge) {
    return before.progress().state() == ObjectState.AVAILABLE
        ? before
        : announcements.post(
            judge.dated(
                before
                    .withContent(before.content().arrived(sent.length(), sent.sha256()))
                    .withProgress(before.progress().available(records.now(), isHashVerified))),
            NoticeType.OBJECT_AVAILABLE);
  }

  /**
   * Gives up what was begun in parts and not completed.
   *
   * @throws ObjectStoreUnavailableException if the store does not do so now
   */
  void abortUploads(LibraryObject object) {
    int _ = storeOf(object).abortUploads(object.place().key());
  }

  /** True if an object has been available for so long. */
  boolean isAvailableFor(LibraryObject object, Duration time) {
    Instant since = object.progress().availableAt();
    return since != null && !records.now().isBefore(since.plus(time));
  }

  ObjectStore storeOf(LibraryObject object) {
    return places.of(object);
  }
}
