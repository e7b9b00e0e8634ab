package dev.parley.session.library;

import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadAnswer.StoreRequest;
import dev.parley.common.control.UploadRequest;
import dev.parley.common.control.UploadRequest.File;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.MetadataRegion;
import dev.parley.common.s3.BucketAddress;
import dev.parley.common.s3.TrackRequests;
import dev.parley.common.s3.UrlRequest;
import dev.parley.session.library.LibraryObject.Keeping;
import dev.parley.session.library.LibraryObject.Label;
import dev.parley.session.library.RecordingPlaces.Home;
import dev.parley.session.object.ObjectStore;
import dev.parley.session.object.ObjectStoreUnavailableException;
import dev.parley.session.placement.Residency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers media servers that bring recordings to their stores: each track becomes two objects, its
 * sound and its manifest, whose bytes are never here. Every question may be asked again, of any
 * node. Thread-safe; blocks on the item store, and at the end on the object store.
 */
public final class TrackUploads {
  private static final Logger LOG = LoggerFactory.getLogger(TrackUploads.class);

  /** What a media server asks for it sends at once; what is left over is asked for again. */
  private static final Duration URLS_GOOD_FOR = Duration.ofMinutes(15);

  /** So long the uploads of an object that is there are tried to be given up. */
  private static final Duration TIDYING_MAX = Duration.ofMinutes(10);

  /** What no hash of a request is: objects that media servers bring. */
  static final String REQUEST = "recorded";

  private final RecordedObjects objects;
  private final RecordingPlaces recordings;
  private final SpoolKeyring keyring;
  private final LongAdder signed = new LongAdder();
  private final LongAdder available = new LongAdder();
  private final LongAdder different = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder unknown = new LongAdder();
  private final LongAdder left = new LongAdder();

  TrackUploads(RecordedObjects objects, RecordingPlaces recordings, SpoolKeyring keyring) {
    this.objects = objects;
    this.recordings = recordings;
    this.keyring = keyring;
  }

  /** How many requests to stores were signed. */
  public long signedCount() {
    return signed.sum();
  }

  /** How many tracks became available. */
  public long availableCount() {
    return available.sum();
  }

  /** How often a store had something else than was announced. */
  public long differentCount() {
    return different.sum();
  }

  /** How many tracks media servers could not read. */
  public long failedCount() {
    return failed.sum();
  }

  /** How many questions were about recordings that are not known. */
  public long unknownCount() {
    return unknown.sum();
  }

  /** How many available tracks have uploads in parts left in their store. */
  public long leftCount() {
    return left.sum();
  }

  /** Answers one question. */
  public UploadAnswer.Outcome answer(UploadRequest request) {
    try {
      return switch (request.wish()) {
        // Of recordings that are not known (yet), too.
        case UploadRequest.SpoolKey _ -> keyring.keyOf(request.track());
        case UploadRequest.TrackWish wish -> answer(request.track(), wish);
      };
    } catch (ObjectStoreUnavailableException e) {
      // Told where it is tried again, which may be often: no failure of this node.
      return new UploadAnswer.Later(String.valueOf(e.getMessage()));
    }
  }

  private UploadAnswer.Outcome answer(UploadRequest.Track track, UploadRequest.TrackWish wish) {
    Home home = recordings.find(track);
    if (home == null) {
      unknown.increment();
      return new UploadAnswer.Later("the recording is not known");
    }
    if (recordings.isErased(track)) {
      Outcome<LibraryObject> _ = erase(home.tenant(), track);
      recordings.trackFailed(track, "erased");
      return new UploadAnswer.Unwanted();
    }
    // The manifest first: the sound names it.
    String library = libraryOf(track);
    Outcome<LibraryObject> manifest =
        objects.expect(draft(home, track, File.MANIFEST, null), library);
    if (!(manifest instanceof Outcome.Done<LibraryObject>(LibraryObject about))) {
      return refused(manifest);
    }
    Outcome<LibraryObject> audio =
        objects.expect(draft(home, track, File.AUDIO, about.id()), library);
    if (!(audio instanceof Outcome.Done<LibraryObject>(LibraryObject sound))) {
      return refused(audio);
    }
    if (!sound.progress().state().isThere() || !about.progress().state().isThere()) {
      return new UploadAnswer.Unwanted();
    }
    if (!(wish instanceof UploadRequest.Abandon)
        && sound.progress().state() != ObjectState.AVAILABLE) {
      // What was said keeps waiting in the spool rather than lie where it may not.
      ObjectRefusal outside = objects.outside(sound);
      if (outside != null) {
        return refused(new Outcome.Refused<>(outside));
      }
    }
    return switch (wish) {
      case UploadRequest.Locate _ -> locate(sound, about);
      case UploadRequest.Sign(List<UploadRequest.Step> steps) -> sign(steps, sound, about);
      case UploadRequest.Finish finish -> finish(track, finish, sound, about);
      case UploadRequest.Abandon(String detail) -> abandon(track, detail, sound);
    };
  }

  private UploadAnswer.Outcome sign(
      List<UploadRequest.Step> steps, LibraryObject sound, LibraryObject about) {
    if (sound.progress().state() == ObjectState.AVAILABLE) {
      return new UploadAnswer.Available();
    }
    List<StoreRequest> requests = new ArrayList<>(steps.size());
    for (UploadRequest.Step step : steps) {
      requests.add(sign(step, sound, about));
    }
    return new UploadAnswer.Signed(requests);
  }

  private StoreRequest sign(UploadRequest.Step step, LibraryObject sound, LibraryObject about) {
    LibraryObject object = TrackRequests.file(step) == File.AUDIO ? sound : about;
    UrlRequest request = TrackRequests.of(step, object.place().key());
    signed.increment();
    return TrackRequests.signed(request, objects.storeOf(object).sign(request, URLS_GOOD_FOR));
  }

  private UploadAnswer.Outcome locate(LibraryObject sound, LibraryObject about) {
    if (sound.progress().state() == ObjectState.AVAILABLE) {
      return new UploadAnswer.Available();
    }
    return new UploadAnswer.Located(placeOf(sound), placeOf(about));
  }

  private UploadAnswer.Place placeOf(LibraryObject object) {
    ObjectStore store = objects.storeOf(object);
    BucketAddress address = store.address();
    return new UploadAnswer.Place(
        store.name().id(),
        address.origin(),
        address.path(),
        store.signingRegion(),
        object.place().key());
  }

  private UploadAnswer.Outcome finish(
      UploadRequest.Track track,
      UploadRequest.Finish finish,
      LibraryObject sound,
      LibraryObject about) {
    Outcome<LibraryObject> manifest = objects.arrive(about, finish.manifest());
    if (!(manifest instanceof Outcome.Done<LibraryObject>)) {
      return refused(manifest);
    }
    Outcome<LibraryObject> audio = objects.arrive(sound, finish.audio());
    if (!(audio instanceof Outcome.Done<LibraryObject>(LibraryObject there))) {
      return refused(audio);
    }
    if (sound.progress().state() != ObjectState.AVAILABLE) {
      available.increment();
    }
    recordings.trackAvailable(
        new RecordingPlaces.RecordedTrack(
            track,
            there.id(),
            about.id(),
            finish.durationMs(),
            there.content().lengthBytes(),
            there.content().sha256(),
            finish.gaps()));
    return finish.inParts() && !isTidy(there)
        ? new UploadAnswer.Later("uploads in parts are left")
        : new UploadAnswer.Available();
  }

  /**
   * Gives up what other attempts began. A store that does not do so is asked again for a while, and
   * then left to {@code ./parley library check}: the track must not fill its spool for ever.
   */
  private boolean isTidy(LibraryObject sound) {
    try {
      objects.abortUploads(sound);
      return true;
    } catch (ObjectStoreUnavailableException e) {
      if (!objects.isAvailableFor(sound, TIDYING_MAX)) {
        return false;
      }
      left.increment();
      LOG.warn("uploads of the object {} are left in its store: {}", sound.id(), e.getMessage());
      return true;
    }
  }

  private UploadAnswer.Outcome abandon(
      UploadRequest.Track track, String detail, LibraryObject sound) {
    if (sound.progress().state() == ObjectState.AVAILABLE) {
      return new UploadAnswer.Available();
    }
    failed.increment();
    // What was sent is worth nothing; should it become readable after all, it is sent anew.
    objects.abortUploads(sound);
    recordings.trackFailed(track, detail);
    return new UploadAnswer.Unwanted();
  }

  private UploadAnswer.Outcome refused(Outcome<LibraryObject> outcome) {
    if (!(outcome instanceof Outcome.Refused<LibraryObject>(ObjectRefusal refusal))) {
      throw new IllegalArgumentException("not refused");
    }
    return switch (refusal) {
      case ObjectRefusal.Erased _ -> new UploadAnswer.Unwanted();
      case ObjectRefusal.Absent _ -> {
        different.increment();
        yield new UploadAnswer.Different("it is not there");
      }
      case ObjectRefusal.Different(String what) -> {
        different.increment();
        yield new UploadAnswer.Different(what);
      }
      case ObjectRefusal.NoStore(String region) ->
          new UploadAnswer.Later("no object store in the region " + region);
      case ObjectRefusal.Unsatisfiable(Residency residency, _, _) -> later(residency);
      case ObjectRefusal.Torn(Residency residency) -> later(residency);
      case ObjectRefusal.Outside(_, Residency residency) -> later(residency);
      case ObjectRefusal.ReaderOutside(_, Residency residency) -> later(residency);
      case ObjectRefusal.NotFound _,
          ObjectRefusal.NotAvailable _,
          ObjectRefusal.Lost _,
          ObjectRefusal.Kept _,
          ObjectRefusal.KeptWithOthers _,
          ObjectRefusal.KeyReused _,
          ObjectRefusal.VersionMismatch _ ->
          new UploadAnswer.Later("the object changes");
    };
  }

  private static UploadAnswer.Later later(Residency residency) {
    return new UploadAnswer.Later(
        "residency policies " + residency.policies() + " permit only " + residency.named());
  }

  private static Library.Draft draft(
      Home home, UploadRequest.Track track, File file, @Nullable String manifest) {
    boolean isAudio = file == File.AUDIO;
    return new Library.Draft(
        home.tenant(),
        LibraryObject.Content.expected(
            isAudio ? ObjectKind.RECORDING : ObjectKind.MANIFEST,
            isAudio ? TrackRequests.AUDIO_TYPE : TrackRequests.MANIFEST_TYPE,
            manifest),
        new Label(name(track, file), home.tags(), null, null),
        home.conference(),
        home.place(),
        isAudio ? Keeping.NONE.inCall(home.retention().recording()) : Keeping.NONE,
        key(track, file),
        REQUEST);
  }

  /** Beside its recording, whatever policies say since: what was said must have a place. */
  private static @Nullable String libraryOf(UploadRequest.Track track) {
    return MetadataRegion.of(track.recording());
  }

  private static String name(UploadRequest.Track track, File file) {
    return track.name() + (file == File.AUDIO ? RecordedObjects.SUFFIX : ".json");
  }

  /** What stands for a track's object when it is asked for again. */
  private static String key(UploadRequest.Track track, File file) {
    return "recording\0" + track.recording() + '\0' + track.segment() + '\0' + name(track, file);
  }

  /**
   * Erases what has come of a track, or is on its way, with its manifest. May be repeated.
   *
   * @return the object, or why it is not erased; {@link ObjectRefusal.NotFound} if there is none
   */
  public Outcome<LibraryObject> erase(String tenant, UploadRequest.Track track) {
    return objects.erase(tenant, key(track, File.AUDIO), libraryOf(track));
  }

  /**
   * Erases what has come of some tracks of a conference, or is on its way, with their manifests.
   * May be repeated.
   *
   * @param isUnwanted says which, by a track's name
   */
  public Erased erase(String tenant, ConferenceId conference, Predicate<String> isUnwanted) {
    return objects.erase(tenant, conference, isUnwanted);
  }

  /**
   * What came of erasing tracks.
   *
   * @param erased how many are gone, or will be when their store confirms it
   * @param kept how many must be kept
   */
  public record Erased(int erased, int kept) {}
}
