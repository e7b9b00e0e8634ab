package dev.parley.session.library;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.MetadataRegion;
import dev.parley.common.s3.UrlRequest;
import dev.parley.session.conference.ConferenceEventSink;
import dev.parley.session.conference.NoticeType;
import dev.parley.session.conference.Notices;
import dev.parley.session.conference.Outbox;
import dev.parley.session.conference.SharedFile;
import dev.parley.session.library.LibraryObject.Content;
import dev.parley.session.library.LibraryObject.Keeping;
import dev.parley.session.library.LibraryObject.Label;
import dev.parley.session.library.LibraryObject.Place;
import dev.parley.session.library.LibraryObject.Progress;
import dev.parley.session.object.ObjectStore;
import dev.parley.session.object.ObjectStores;
import dev.parley.session.placement.Residency;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
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

  private static final int BATCH_MAX = 100;

  private final LibraryStore store;
  private final StorePlaces places;
  private final ObjectIds ids;
  private final ObjectRules rules;
  private final Announcements announcements;
  private final ObjectRecords records;
  private final Erasures erasures;
  private final LongAdder links = new LongAdder();
  private volatile IntPredicate isOurs = _ -> true;

  /**
   * Takes what it needs.
   *
   * @param rules say where objects may be, and which must be kept
   * @param hearers who is told of objects of conferences
   */
  public Library(
      LibraryStore store,
      ObjectStores stores,
      ObjectIds ids,
      ObjectRules rules,
      Clock clock,
      Hearers hearers) {
    this.store = store;
    this.places = new StorePlaces(stores);
    this.ids = ids;
    this.rules = rules;
    this.records = new ObjectRecords(store, clock);
    this.announcements = new Announcements(hearers.notices(), hearers.events());
    this.erasures = new Erasures(records, places, rules, announcements);
    hearers.notices().adoptFrom(records);
  }

  /** The tenant's own systems, and the people in conferences. */
  public record Hearers(Notices notices, ConferenceEventSink events) {}

  /**
   * Returns who answers media servers that bring recordings here.
   *
   * @param recordings who knows what they are
   * @param keyring has the keys that they are sealed with until they are here
   */
  public TrackUploads uploads(RecordingPlaces recordings, SpoolKeyring keyring) {
    return new TrackUploads(
        new RecordedObjects(this, store, ids, records, places, announcements), recordings, keyring);
  }

  /**
   * Returns who looks again at what tenants have whose rules for how long it is kept have changed.
   *
   * @param retentions says whose
   */
  public RetentionWalk walk(TenantRetentions retentions) {
    return new RetentionWalk(retentions, store, records, rules);
  }

  /** Returns who compares what is known here with what the stores have. */
  public DriftScan drift() {
    return new DriftScan(store, records, places);
  }

  /** Says which shards of the due work this node looks at though nobody told it to. */
  public void share(IntPredicate ours) {
    isOurs = ours;
  }

  /**
   * What is to be registered.
   *
   * @param idempotencyKey a second one of that key is the same object, or null
   */
  public record Draft(
      String tenant,
      Content content,
      Label label,
      @Nullable ConferenceId conference,
      PlaceWish place,
      Keeping keeping,
      @Nullable String idempotencyKey,
      String requestHash) {

    /** What shows it small, on its own. */
    Draft ofThumbnail(Content thumbnail) {
      return new Draft(
          tenant,
          thumbnail,
          label,
          conference,
          place,
          keeping.ofAnothers(),
          idempotencyKey == null ? null : idempotencyKey + "\0thumbnail",
          requestHash);
    }

    /** The same, shown small by another object, or by none. */
    Draft shownBy(@Nullable String thumbnail) {
      return new Draft(
          tenant,
          new Content(
              content.kind(),
              content.lengthBytes(),
              content.contentType(),
              content.sha256(),
              thumbnail),
          label,
          conference,
          place,
          keeping,
          idempotencyKey,
          requestHash);
    }
  }

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
    return erasures.unconfirmedCount();
  }

  /** How many objects were erased because they had been kept long enough. */
  public long expiredCount() {
    return erasures.expiredCount();
  }

  /** Returns the stores there are. */
  public ObjectStores stores() {
    return places.stores();
  }

  /**
   * Decides where an object is to lie, and in which region's library its names, and remembers it;
   * its content is not there yet.
   */
  public Outcome<Registered> register(Draft draft) {
    Residency permitted = judge(draft.tenant()).of(draft.place());
    if (permitted.isMetadataTorn()) {
      return new Outcome.Refused<>(new ObjectRefusal.Torn(permitted));
    }
    String region = permitted.metadataRegion();
    ConferenceId conference = draft.conference();
    if (region == null && conference != null) {
      region = MetadataRegion.of(conference.value());
    }
    LibraryObject earlier = elsewhere(draft, region);
    return earlier == null ? register(draft, permitted, region) : replay(earlier, draft);
  }

  /** The same, with its names in that region's library, whatever policies say; null for ours. */
  Outcome<Registered> register(Draft draft, @Nullable String region) {
    return register(draft, judge(draft.tenant()).of(draft.place()), region);
  }

  /** What an earlier request with its key registered when policies said something else. */
  private @Nullable LibraryObject elsewhere(Draft draft, @Nullable String region) {
    String key = draft.idempotencyKey();
    if (key == null) {
      return null;
    }
    String id = ids.next(draft.tenant(), key, region);
    for (String other : ids.elsewhere(draft.tenant(), id)) {
      LibraryObject there = store.object(other);
      if (there != null) {
        return there;
      }
    }
    return null;
  }

  private Outcome<Registered> register(Draft draft, Residency permitted, @Nullable String region) {
    PlaceWish wish = draft.place();
    ObjectStore place = places.choose(wish, permitted);
    if (place == null) {
      return new Outcome.Refused<>(places.refusal(wish, permitted));
    }
    String id = ids.next(draft.tenant(), draft.idempotencyKey(), region);
    LibraryObject object =
        new LibraryObject(
            id,
            draft.tenant(),
            draft.content(),
            draft.label(),
            new Place(
                draft.conference(),
                place.name().id(),
                place.name().region(),
                id,
                wish.policies(),
                wish.channel()),
            draft.keeping(),
            Progress.pending(records.now()),
            draft.requestHash(),
            new TreeSet<>(),
            Outbox.EMPTY,
            1,
            0);
    LibraryObject written = records.write(object);
    if (written != null) {
      return new Outcome.Done<>(new Registered(written, false));
    }
    return replay(store.object(id), draft);
  }

  private static Outcome<Registered> replay(@Nullable LibraryObject there, Draft draft) {
    return there == null || !there.requestHash().equals(draft.requestHash())
        ? new Outcome.Refused<>(new ObjectRefusal.KeyReused())
        : new Outcome.Done<>(new Registered(there, true));
  }

  /** Returns an object of a tenant, erased or not; null if there is none. */
  public @Nullable LibraryObject find(String tenant, String id) {
    return records.find(tenant, id);
  }

  /**
   * Returns what people in a call are told of a file that is available.
   *
   * @throws IllegalArgumentException if it is not, or something else
   */
  public SharedFile sharedFile(LibraryObject object) {
    SharedFile file = Announcements.file(object);
    if (file == null) {
      throw new IllegalArgumentException("not a shared file: " + object.id());
    }
    return file;
  }

  /** Returns objects, newest first. */
  public LibraryStore.Page list(
      LibraryStore.Selection selection, int limit, @Nullable String cursor) {
    return store.list(selection, limit, cursor);
  }

  /**
   * Signs the URL by which the content of a pending object is uploaded; null if it is not pending,
   * if a media server brings it, or if it may not be where it is to lie any more.
   */
  public @Nullable Link upload(LibraryObject object, ObjectRules.Judge judge) {
    ObjectStore place = places.find(object);
    if (place == null
        || object.progress().state() != ObjectState.PENDING
        || !object.content().hasArrived()
        || outside(object, judge) != null) {
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

  /**
   * Asks the store for what was uploaded, and lets it be used if it is what was announced; its
   * thumbnail first.
   */
  public Outcome<LibraryObject> commit(String tenant, String id) {
    LibraryObject object = find(tenant, id);
    ObjectRefusal refusal =
        object == null ? new ObjectRefusal.NotFound() : ObjectRecords.erased(object);
    if (object == null || refusal != null) {
      return new Outcome.Refused<>(refusal == null ? new ObjectRefusal.NotFound() : refusal);
    }
    if (object.progress().state() == ObjectState.AVAILABLE) {
      // An earlier request did it; that one may have died before it told anybody.
      announcements.available(object);
      return new Outcome.Done<>(object);
    }
    if (!object.content().hasArrived()) {
      return new Outcome.Refused<>(new ObjectRefusal.NotAvailable());
    }
    ObjectRules.Judge judge = judge(tenant);
    ObjectRefusal outside = outside(object, judge);
    if (outside != null) {
      return new Outcome.Refused<>(outside);
    }
    String thumbnail = object.content().thumbnail();
    if (thumbnail != null
        && commit(tenant, thumbnail) instanceof Outcome.Refused<LibraryObject> refused) {
      return refused;
    }
    ObjectStore.Found found = places.of(object).find(object.place().key());
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
    Outcome<LibraryObject> committed =
        records.change(tenant, id, null, before -> available(before, isHashVerified, judge));
    if (committed instanceof Outcome.Done<LibraryObject>(LibraryObject available)) {
      announcements.available(available);
    }
    return committed;
  }

  private LibraryObject available(
      LibraryObject before, boolean isHashVerified, ObjectRules.Judge judge) {
    return before.progress().state() == ObjectState.AVAILABLE
        ? before
        : announcements.post(
            judge.dated(
                before.withProgress(before.progress().available(records.now(), isHashVerified))),
            NoticeType.OBJECT_AVAILABLE);
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
    ObjectRules.Judge judge = rules.judgeOfDays(tenant);
    return records.change(
        tenant,
        id,
        expected,
        before -> {
          LibraryObject next =
              before
                  .withLabel(relabel.apply(before.label()))
                  .withKeeping(keep.apply(before.keeping()));
          return next.keeping().equals(before.keeping()) ? next : judge.dated(next);
        });
  }

  /** Returns a judge of where a tenant's objects may be, for one request. */
  public ObjectRules.Judge judge(String tenant) {
    return rules.judge(tenant);
  }

  /** Why an object may not be where it lies, or null if it may. */
  static @Nullable ObjectRefusal outside(LibraryObject object, ObjectRules.Judge judge) {
    String region = object.place().region();
    Residency permitted = judge.of(object);
    return permitted.permits(region) ? null : new ObjectRefusal.Outside(region, permitted);
  }

  private static @Nullable ObjectRefusal outside(Reading reading, Residency permitted) {
    if (!permitted.isReadInside()) {
      return null;
    }
    String reader = reading.reader().get();
    return permitted.permitsReading(reader)
        ? null
        : new ObjectRefusal.ReaderOutside(reader, permitted);
  }

  /**
   * How a link is wanted.
   *
   * @param reader says in which region somebody is to read by it, or null if nobody knows; asked
   *     only if that matters
   * @param disposition see {@link UrlRequest#get}
   */
  public record Reading(
      Duration goodFor,
      Supplier<@Nullable String> reader,
      Function<LibraryObject, String> disposition) {}

  /**
   * Signs a URL for reading, by the policies of now; nobody knows where.
   *
   * @param disposition see {@link UrlRequest#get}
   */
  public Outcome<Link> link(
      LibraryObject object, Duration goodFor, Function<LibraryObject, String> disposition) {
    return link(object, new Reading(goodFor, () -> null, disposition), judge(object.tenant()));
  }

  /** Signs a URL for reading. */
  public Outcome<Link> link(LibraryObject object, Reading reading, ObjectRules.Judge judge) {
    ObjectRefusal refusal = ObjectRecords.erased(object);
    if (refusal == null && object.progress().state() == ObjectState.LOST) {
      refusal = new ObjectRefusal.Lost();
    }
    if (refusal == null && object.progress().state() != ObjectState.AVAILABLE) {
      refusal = new ObjectRefusal.NotAvailable();
    }
    if (refusal == null) {
      refusal = outside(object, judge);
    }
    if (refusal == null) {
      refusal = outside(reading, judge.of(object));
    }
    if (refusal != null) {
      return new Outcome.Refused<>(refusal);
    }
    UrlRequest request =
        UrlRequest.get(
            object.place().key(),
            reading.disposition().apply(object),
            object.content().contentType());
    return new Outcome.Done<>(link(places.of(object), request, reading.goodFor()));
  }

  /**
   * Erases an object: for good, and with a receipt once its store confirms it. What it was called
   * is gone at once, and its thumbnail goes with it.
   */
  public Outcome<LibraryObject> erase(String tenant, String id, @Nullable Long expected) {
    return erasures.erase(tenant, id, expected);
  }

  /** Does what is due now and returns how much that was; one failure does not stop the rest. */
  public int run() {
    int done = 0;
    RuntimeException failure = null;
    for (LibraryObject due : store.due(records.now(), BATCH_MAX, isOurs)) {
      try {
        LibraryObject object = store.object(due.id());
        if (object != null) {
          erasures.lookAfter(object);
        }
        done++;
      } catch (RuntimeException e) {
        store.again(due);
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return done;
  }

  private Link link(ObjectStore place, UrlRequest request, Duration goodFor) {
    links.increment();
    return new Link(place.sign(request, goodFor), records.now().plus(goodFor));
  }
}
