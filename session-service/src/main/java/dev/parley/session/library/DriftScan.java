package dev.parley.session.library;

import dev.parley.common.id.MetadataRegion;
import dev.parley.common.s3.UrlMethod;
import dev.parley.common.s3.UrlRequest;
import dev.parley.session.object.ObjectStore;
import dev.parley.session.object.ObjectStoreUnavailableException;
import dev.parley.session.object.ObjectStores;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares what the Library knows with what stores have, for the operator, and mends what differs.
 * Nothing is done that was not asked for, and nothing with names that this Library could not have
 * given. Thread-safe; blocks on the item store and the object stores.
 */
public final class DriftScan {
  /** Records or names of a page; each name costs a read of the item store. */
  public static final int PAGE_MAX = 200;

  private static final String PREFIX = "ob_";
  private static final Pattern OURS =
      Pattern.compile("ob_[A-Za-z0-9_-]{24}(\\." + MetadataRegion.PATTERN + ")?");
  private static final Duration GOOD_FOR = Duration.ofMinutes(15);

  private final LibraryStore store;
  private final ObjectRecords records;
  private final StorePlaces places;

  DriftScan(LibraryStore store, ObjectRecords records, StorePlaces places) {
    this.store = store;
    this.records = records;
    this.places = places;
  }

  /** Why something at a store should not be there. */
  public enum Reason {
    /** No object has that name. */
    UNKNOWN,
    /** The object of that name lies at another store. */
    ELSEWHERE,
    /** The object was erased. */
    ERASED,
    /** The object is available; what is still being uploaded is of no use. */
    AVAILABLE
  }

  /** An object of a store that should not be there. */
  public record Stray(ObjectStore.Listed listed, Reason reason) {}

  /** An upload in parts that nobody will complete. */
  public record Abandoned(ObjectStore.Unfinished upload, Reason reason) {}

  /**
   * A page of what was looked at.
   *
   * @param lookedAt how much that was
   * @param next where the next page begins, or null after the last
   */
  public record Page<T>(int lookedAt, List<T> found, @Nullable String next) {
    public Page {
      found = List.copyOf(found);
    }
  }

  /** What became of an object that was compared. */
  public enum Finding {
    SAME,
    MISSING,
    SIZE,
    SHA256
  }

  /** A request to a store, as whoever may look must send it. */
  public record Signed(String url, List<UrlRequest.Field> headers) {}

  public ObjectStores stores() {
    return places.stores();
  }

  /** Returns a store of the configuration, or null. */
  public @Nullable ObjectStore place(String id) {
    return places.stores().find(id);
  }

  /** Returns objects of all tenants that should be at their stores, or were. */
  public Page<LibraryObject> objects(int limit, @Nullable String cursor) {
    LibraryStore.Page page = store.all(limit, cursor);
    List<LibraryObject> committed =
        page.objects().stream().filter(each -> each.progress().state().wasCommitted()).toList();
    return new Page<>(committed.size(), committed, page.next());
  }

  /** Returns an object of any tenant, or null. */
  public @Nullable LibraryObject object(String id) {
    return store.object(id);
  }

  /**
   * Signs what asks an object's store for it.
   *
   * @param method GET or HEAD
   * @return null if the configuration does not name the store any more
   */
  public @Nullable Signed sign(LibraryObject object, UrlMethod method) {
    ObjectStore place = places.find(object);
    String key = object.place().key();
    UrlRequest request =
        method == UrlMethod.HEAD ? UrlRequest.head(key) : UrlRequest.get(key, null, null);
    return place == null ? null : new Signed(place.sign(request, GOOD_FOR), request.headers());
  }

  /**
   * Asks an object's store for it and remembers what that says: it is lost, or it is available.
   *
   * @param sha256 what somebody who read all of it found, in base64; null to believe the store
   * @throws ObjectStoreUnavailableException if the store does not say
   */
  public Finding settle(LibraryObject object, @Nullable String sha256) {
    ObjectStore.Found found = places.of(object).find(object.place().key());
    String hash = sha256 == null ? told(found) : sha256;
    Finding finding = compare(object.content(), found, hash);
    boolean isSame = finding == Finding.SAME;
    boolean isVerified = hash != null;
    Outcome<LibraryObject> _ =
        records.change(
            object.tenant(), object.id(), null, before -> settled(before, isSame, isVerified));
    return finding;
  }

  private LibraryObject settled(LibraryObject before, boolean isSame, boolean isVerified) {
    return switch (before.progress().state()) {
      case AVAILABLE -> isSame ? before : before.withProgress(before.progress().lost());
      case LOST ->
          isSame && isVerified
              ? before.withProgress(before.progress().available(records.now(), true))
              : before;
      case PENDING, ERASING, ERASED -> before;
    };
  }

  private static Finding compare(
      LibraryObject.Content content, ObjectStore.@Nullable Found found, @Nullable String hash) {
    if (found == null) {
      return Finding.MISSING;
    }
    if (found.lengthBytes() != content.lengthBytes()) {
      return Finding.SIZE;
    }
    return hash == null || hash.equals(content.sha256()) ? Finding.SAME : Finding.SHA256;
  }

  /**
   * The hash that a store tells; null if it knows none, or only that of parts' hashes, with which
   * there is nothing to compare here.
   */
  private static @Nullable String told(ObjectStore.@Nullable Found found) {
    String hash = found == null ? null : found.sha256();
    return hash == null || hash.contains("-") ? null : hash;
  }

  /**
   * Returns what a store has and should not.
   *
   * @param grace what is younger is left alone
   */
  public Page<Stray> strays(ObjectStore place, @Nullable String cursor, Duration grace) {
    ObjectStore.Listing<ObjectStore.Listed> page = place.list(PREFIX, cursor, PAGE_MAX);
    List<Stray> strays = new ArrayList<>();
    for (ObjectStore.Listed listed : page.found()) {
      Reason reason = isOlder(listed.writtenAt(), grace) ? strayReason(place, listed.key()) : null;
      if (reason != null) {
        strays.add(new Stray(listed, reason));
      }
    }
    return new Page<>(page.found().size(), strays, page.next());
  }

  /**
   * Removes an object from a store if it should not be there; returns when the store confirms it.
   *
   * @return false if it is not there, or may be
   */
  public boolean remove(ObjectStore place, String key, Duration grace) {
    ObjectStore.Found found = OURS.matcher(key).matches() ? place.find(key) : null;
    Instant writtenAt = found == null ? null : found.writtenAt();
    if (writtenAt == null || !isOlder(writtenAt, grace) || strayReason(place, key) == null) {
      return false;
    }
    place.remove(key);
    return true;
  }

  /**
   * Returns which uploads in parts nobody will complete, one of each name.
   *
   * @param grace what began later is left alone
   */
  public Page<Abandoned> abandoned(ObjectStore place, @Nullable String cursor, Duration grace) {
    ObjectStore.Listing<ObjectStore.Unfinished> page = place.uploads(PREFIX, cursor);
    Map<String, Abandoned> abandoned = new LinkedHashMap<>();
    for (ObjectStore.Unfinished upload : page.found()) {
      Reason reason = isOlder(upload.begunAt(), grace) ? uploadReason(place, upload.key()) : null;
      if (reason != null) {
        // They are given up together.
        abandoned.putIfAbsent(upload.key(), new Abandoned(upload, reason));
      }
    }
    return new Page<>(page.found().size(), List.copyOf(abandoned.values()), page.next());
  }

  /** Gives up uploads in parts of a name that nobody will complete; returns how many. */
  public int abort(ObjectStore place, String key, Duration grace) {
    boolean isOurs = OURS.matcher(key).matches() && uploadReason(place, key) != null;
    String cursor = null;
    boolean isThere = false;
    do {
      ObjectStore.Listing<ObjectStore.Unfinished> page = place.uploads(key, cursor);
      for (ObjectStore.Unfinished upload : page.found()) {
        if (upload.key().equals(key)) {
          // All of a name go at once, so a young one protects the others.
          isOurs &= isOlder(upload.begunAt(), grace);
          isThere = true;
        }
      }
      cursor = page.next();
    } while (cursor != null);
    return isOurs && isThere ? place.abortUploads(key) : 0;
  }

  /** Why an object should not be at a store; null if it may. */
  private @Nullable Reason strayReason(ObjectStore place, String key) {
    if (!OURS.matcher(key).matches()) {
      return null;
    }
    LibraryObject object = holder(key);
    if (object == null) {
      return Reason.UNKNOWN;
    }
    if (!isAt(object, place, key)) {
      return Reason.ELSEWHERE;
    }
    return object.progress().state() == ObjectState.ERASED ? Reason.ERASED : null;
  }

  /** Why nobody will complete an upload; null if somebody may. */
  private @Nullable Reason uploadReason(ObjectStore place, String key) {
    Reason reason = strayReason(place, key);
    LibraryObject object = reason == null ? holder(key) : null;
    boolean isDone = object != null && object.progress().state() == ObjectState.AVAILABLE;
    return isDone ? Reason.AVAILABLE : reason;
  }

  /** An object's name in its bucket is its id. */
  private @Nullable LibraryObject holder(String key) {
    return store.object(key);
  }

  private static boolean isAt(LibraryObject object, ObjectStore place, String key) {
    return object.place().store().equals(place.name().id()) && object.place().key().equals(key);
  }

  private boolean isOlder(Instant at, Duration age) {
    return !at.plus(age).isAfter(records.now());
  }
}
