package dev.parley.session.library;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.ContendedException;
import dev.parley.session.library.LibraryObject.Content;
import dev.parley.session.library.LibraryObject.Keeping;
import dev.parley.session.library.LibraryObject.Label;
import dev.parley.session.library.LibraryObject.Place;
import dev.parley.session.library.LibraryObject.Progress;
import dev.parley.session.object.ObjectStore;
import dev.parley.session.object.ObjectStoreUnavailableException;
import dev.parley.session.object.ObjectStores;
import dev.parley.session.object.UrlRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Objects from their registration to their receipt. Their bytes are never here: they go to and from
 * the stores by URLs that are signed here. Thread-safe; blocks on the item store, and for commits
 * and erasures on the object store.
 */
public final class Library {
  /** How long one may take to begin an upload. */
  public static final Duration UPLOAD_GOOD_FOR = Duration.ofHours(1);

  /** The longest that a link may be good for, in seconds. */
  public static final int LINK_SEC_MAX = 3600;

  public static final int TAGS_MAX = 50;
  public static final int ATTRIBUTES_BYTES_MAX = 16 << 10;

  /** The largest object that can be uploaded at once: 5 GiB. */
  public static final long LENGTH_MAX = 5L << 30;

  /** What was registered and not committed by then is erased. */
  private static final Duration PENDING_MAX = Duration.ofHours(24);

  private static final Duration AGAIN_AFTER = Duration.ofSeconds(30);
  private static final int ATTEMPTS_MAX = 20;
  private static final int BATCH_MAX = 100;

  private final LibraryStore store;
  private final ObjectStores stores;
  private final ObjectIds ids;
  private final Clock clock;
  private final LongAdder links = new LongAdder();
  private final LongAdder unconfirmed = new LongAdder();
  private volatile IntPredicate isOurs = _ -> true;

  public Library(LibraryStore store, ObjectStores stores, ObjectIds ids, Clock clock) {
    this.store = store;
    this.stores = stores;
    this.ids = ids;
    this.clock = clock;
  }

  /** Says which shards of the due work this node looks at though nobody told it to. */
  public void share(IntPredicate ours) {
    isOurs = ours;
  }

  /**
   * What is to be registered.
   *
   * @param region where it must lie, or null for wherever the first store is
   * @param idempotencyKey a second one of that key is the same object, or null
   */
  public record Draft(
      String tenant,
      Content content,
      Label label,
      @Nullable ConferenceId conference,
      @Nullable String region,
      Keeping keeping,
      @Nullable String idempotencyKey,
      String requestHash) {}

  /** An object that is registered, and if an earlier request did it. */
  public record Registered(LibraryObject object, boolean isReplayed) {}

  /** A signed URL. */
  public record Link(String url, Instant expiresAt) {}

  /** How many links were signed. */
  public long linkCount() {
    return links.sum();
  }

  /** How often a store did not confirm that an object is gone. */
  public long unconfirmedCount() {
    return unconfirmed.sum();
  }

  /** Returns the stores there are. */
  public ObjectStores stores() {
    return stores;
  }

  /** Decides where an object is to lie and remembers it; its content is not there yet. */
  public Outcome<Registered> register(Draft draft) {
    String region = draft.region();
    ObjectStore place = stores.first(each -> region == null || each.equals(region));
    if (place == null) {
      return new Outcome.Refused<>(new ObjectRefusal.NoStore(region));
    }
    String id = ids.next(draft.tenant(), draft.idempotencyKey());
    Instant now = now();
    LibraryObject object =
        new LibraryObject(
            id,
            draft.tenant(),
            draft.content(),
            draft.label(),
            new Place(draft.conference(), place.name().id(), place.name().region(), id),
            draft.keeping(),
            new Progress(ObjectState.PENDING, now, null, false, null, now.plus(PENDING_MAX)),
            draft.requestHash(),
            new TreeSet<>(),
            1,
            0);
    LibraryObject written = store.write(object);
    if (written != null) {
      return new Outcome.Done<>(new Registered(written, false));
    }
    LibraryObject there = store.object(id);
    if (there == null || !there.requestHash().equals(draft.requestHash())) {
      return new Outcome.Refused<>(new ObjectRefusal.KeyReused());
    }
    return new Outcome.Done<>(new Registered(there, true));
  }

  /** Returns an object of a tenant, erased or not; null if there is none. */
  public @Nullable LibraryObject find(String tenant, String id) {
    LibraryObject object = store.object(id);
    return object == null || !object.tenant().equals(tenant) ? null : object;
  }

  /** Returns objects, newest first. */
  public LibraryStore.Page list(
      LibraryStore.Selection selection, int limit, @Nullable String cursor) {
    return store.list(selection, limit, cursor);
  }

  /** Signs the URL by which the content of a pending object is uploaded; null if it is not. */
  public @Nullable Link upload(LibraryObject object) {
    ObjectStore place = stores.find(object.place().store());
    if (place == null || object.progress().state() != ObjectState.PENDING) {
      return null;
    }
    return link(place, uploadRequest(object), UPLOAD_GOOD_FOR);
  }

  /** What an upload must be like, its headers among them. */
  public static UrlRequest uploadRequest(LibraryObject object) {
    Content content = object.content();
    return UrlRequest.put(
        object.place().key(), content.lengthBytes(), content.contentType(), content.sha256());
  }

  /** Asks the store for what was uploaded, and lets it be used if it is what was announced. */
  public Outcome<LibraryObject> commit(String tenant, String id) {
    LibraryObject object = find(tenant, id);
    ObjectRefusal refusal = object == null ? new ObjectRefusal.NotFound() : erased(object);
    if (object == null || refusal != null) {
      return new Outcome.Refused<>(refusal == null ? new ObjectRefusal.NotFound() : refusal);
    }
    if (object.progress().state() == ObjectState.AVAILABLE) {
      return new Outcome.Done<>(object);
    }
    ObjectStore.Found found = storeOf(object).find(object.place().key());
    if (found == null) {
      return new Outcome.Refused<>(new ObjectRefusal.Absent(object));
    }
    if (found.lengthBytes() != object.content().lengthBytes()) {
      return new Outcome.Refused<>(new ObjectRefusal.Different("size"));
    }
    if (found.sha256() != null && !found.sha256().equals(object.content().sha256())) {
      return new Outcome.Refused<>(new ObjectRefusal.Different("sha256"));
    }
    boolean isHashVerified = found.sha256() != null;
    return change(
        tenant,
        id,
        null,
        before -> before.withProgress(before.progress().available(now(), isHashVerified)));
  }

  /**
   * Changes how an object is called or kept.
   *
   * @param expected the revision that the caller saw, or null for any
   */
  public Outcome<LibraryObject> change(
      String tenant,
      String id,
      Function<Label, Label> relabel,
      Function<Keeping, Keeping> keep,
      @Nullable Long expected) {
    return change(
        tenant,
        id,
        expected,
        before ->
            before
                .withLabel(relabel.apply(before.label()))
                .withKeeping(keep.apply(before.keeping())));
  }

  /**
   * Signs a URL for reading.
   *
   * @param disposition see {@link UrlRequest#get}
   */
  public Outcome<Link> link(
      LibraryObject object, Duration goodFor, Function<LibraryObject, String> disposition) {
    ObjectRefusal refusal = erased(object);
    if (refusal == null && object.progress().state() != ObjectState.AVAILABLE) {
      refusal = new ObjectRefusal.NotAvailable();
    }
    if (refusal != null) {
      return new Outcome.Refused<>(refusal);
    }
    UrlRequest request =
        UrlRequest.get(
            object.place().key(), disposition.apply(object), object.content().contentType());
    return new Outcome.Done<>(link(storeOf(object), request, goodFor));
  }

  /**
   * Erases an object: for good, and with a receipt once its store confirms it. What it was called
   * is gone at once.
   */
  public Outcome<LibraryObject> erase(String tenant, String id, @Nullable Long expected) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      LibraryObject before = find(tenant, id);
      if (before == null) {
        return new Outcome.Refused<>(new ObjectRefusal.NotFound());
      }
      if (before.progress().state() == ObjectState.ERASED) {
        return new Outcome.Done<>(before);
      }
      Keeping keeping = before.keeping();
      if (keeping.isKept(now()) && before.progress().state() == ObjectState.AVAILABLE) {
        return new Outcome.Refused<>(
            new ObjectRefusal.Kept(keeping.isHeld(), keeping.retainUntil()));
      }
      if (expected != null && expected != before.revision()) {
        return new Outcome.Refused<>(new ObjectRefusal.VersionMismatch(before.revision()));
      }
      LibraryObject erasing = before.progress().state().isThere() ? write(erasing(before)) : before;
      if (erasing != null) {
        return new Outcome.Done<>(finishErasing(erasing));
      }
    }
    throw new ContendedException("object " + id);
  }

  /** Does what is due now and returns how much that was; one failure does not stop the rest. */
  public int run() {
    int done = 0;
    RuntimeException failure = null;
    for (LibraryObject object : store.due(now(), BATCH_MAX, isOurs)) {
      try {
        lookAfter(object.id());
        done++;
      } catch (RuntimeException e) {
        store.again(object);
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return done;
  }

  private void lookAfter(String id) {
    LibraryObject object = store.object(id);
    Instant dueAt = object == null ? null : object.progress().dueAt();
    if (object == null || dueAt == null || dueAt.isAfter(now())) {
      return;
    }
    switch (object.progress().state()) {
      case PENDING -> {
        LibraryObject erasing = write(erasing(object));
        if (erasing != null) {
          LibraryObject _ = finishErasing(erasing);
        }
      }
      case ERASING -> {
        LibraryObject _ = finishErasing(object);
      }
      case AVAILABLE -> {
        LibraryObject _ = settleRows(object);
      }
      case ERASED -> sweep(object);
    }
  }

  private Outcome<LibraryObject> change(
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

  /** What it was found under stays known until it is gone. */
  private static LibraryObject withRowsOf(LibraryObject before, LibraryObject next) {
    SortedSet<String> rows = new TreeSet<>(before.tagRows());
    rows.addAll(before.wantedRows());
    return next.withTagRows(rows);
  }

  private LibraryObject erasing(LibraryObject before) {
    Progress progress = before.progress();
    LibraryObject next =
        before
            .withLabel(Label.NONE)
            .withProgress(
                new Progress(
                    ObjectState.ERASING,
                    progress.createdAt(),
                    progress.availableAt(),
                    progress.isHashVerified(),
                    null,
                    now().plus(AGAIN_AFTER)))
            .revised();
    return withRowsOf(before, next);
  }

  /** Has the store remove the content; if it does not confirm it, it is tried again later. */
  private LibraryObject finishErasing(LibraryObject erasing) {
    try {
      storeOf(erasing).remove(erasing.place().key());
    } catch (ObjectStoreUnavailableException e) {
      unconfirmed.increment();
      return postponed(erasing);
    }
    Progress progress = erasing.progress();
    LibraryObject erased =
        write(
            erasing
                .withProgress(
                    new Progress(
                        ObjectState.ERASED,
                        progress.createdAt(),
                        progress.availableAt(),
                        progress.isHashVerified(),
                        now(),
                        null))
                .revised());
    return erased == null ? erasing : settleRows(erased);
  }

  /**
   * Removes once more what a URL for uploading, signed before the erasure, may have brought back.
   */
  private void sweep(LibraryObject erased) {
    LibraryObject settled = settleRows(erased);
    Instant sweepAt = sweepAt(settled.progress());
    if (sweepAt != null && !sweepAt.isAfter(now())) {
      storeOf(settled).remove(settled.place().key());
      LibraryObject _ = write(settled);
    }
  }

  /** When the last URL for uploading is worth nothing; null if that is so when it is erased. */
  private static @Nullable Instant sweepAt(Progress progress) {
    Instant erasedAt = progress.erasedAt();
    Instant lastSigned = progress.createdAt().plus(PENDING_MAX).plus(UPLOAD_GOOD_FOR);
    return erasedAt == null || erasedAt.isAfter(lastSigned) ? null : erasedAt.plus(UPLOAD_GOOD_FOR);
  }

  private LibraryObject postponed(LibraryObject erasing) {
    Progress progress = erasing.progress();
    LibraryObject later = write(erasing.withProgress(progress.dueAt(now().plus(AGAIN_AFTER))));
    return later == null ? erasing : later;
  }

  /** Brings the tag rows to what they should be; what breaks off is due. */
  private LibraryObject settleRows(LibraryObject object) {
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

  /** Stores it, due if there is something left to do. */
  private @Nullable LibraryObject write(LibraryObject object) {
    Progress progress = object.progress();
    ObjectState state = progress.state();
    if (state == ObjectState.PENDING || state == ObjectState.ERASING) {
      return store.write(object);
    }
    Instant dueAt = object.hasRowsDue() ? now().plus(AGAIN_AFTER) : null;
    Instant sweepAt = sweepAt(progress);
    if (dueAt == null && sweepAt != null && sweepAt.isAfter(now())) {
      dueAt = sweepAt;
    }
    return store.write(object.withProgress(progress.dueAt(dueAt)));
  }

  private Link link(ObjectStore place, UrlRequest request, Duration goodFor) {
    links.increment();
    return new Link(place.sign(request, goodFor), now().plus(goodFor));
  }

  private ObjectStore storeOf(LibraryObject object) {
    ObjectStore place = stores.find(object.place().store());
    if (place == null) {
      throw new ObjectStoreUnavailableException(
          "object store " + object.place().store() + " is no longer in the configuration");
    }
    return place;
  }

  private static @Nullable ObjectRefusal erased(LibraryObject object) {
    return object.progress().state().isThere() ? null : new ObjectRefusal.Erased();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
