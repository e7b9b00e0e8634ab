package dev.parley.session.conference;

import static dev.parley.session.conference.Stage.FIRST;
import static dev.parley.session.conference.Stage.done;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Order.RecordingMode;
import dev.parley.common.control.StateEvent;
import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadAnswer.StoreRequest;
import dev.parley.common.control.UploadRequest;
import dev.parley.common.control.UploadRequest.File;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.RecordingId;
import dev.parley.common.s3.AccessKeyFile;
import dev.parley.common.s3.BucketAddress;
import dev.parley.common.s3.QuerySigner;
import dev.parley.session.library.Library;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.ObjectIds;
import dev.parley.session.library.ObjectRules;
import dev.parley.session.library.ObjectState;
import dev.parley.session.library.Outcome;
import dev.parley.session.library.SpoolKeyring;
import dev.parley.session.library.TrackUploads;
import dev.parley.session.object.ObjectStores;
import dev.parley.session.object.StoreKind;
import dev.parley.session.object.StoreName;
import dev.parley.session.object.directory.DirectoryStore;
import dev.parley.session.object.directory.DirectoryStoreHandle;
import dev.parley.session.object.s3.S3Store;
import dev.parley.session.placement.ResidencyPolicies;
import dev.parley.session.recording.EndReason;
import dev.parley.session.recording.RecordedPeople;
import dev.parley.session.recording.RecordedPeople.Fate;
import dev.parley.session.recording.RecordedPeople.Found;
import dev.parley.session.recording.RecordedPeople.Mix;
import dev.parley.session.recording.Recording;
import dev.parley.session.recording.RecordingIds;
import dev.parley.session.recording.Recordings;
import dev.parley.session.recording.Recordings.Target;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.LibraryItems;
import dev.parley.session.store.RecordingItems;
import dev.parley.session.store.ResidencyItems;
import dev.parley.session.store.Table;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Taking people out of what was recorded, with a real object store. */
final class RecordedPeopleIT {
  private static final byte[] SOUND = "sound".getBytes(UTF_8);
  private static final byte[] MANIFEST = "{}".getBytes(UTF_8);

  @TempDir Path folder;

  private final Stage stage = new Stage();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ItemStore table = stage.file.table("library", LibraryItems.INDEXES);
  private final RecordingItems items = new RecordingItems(table);
  private final Recordings recordings =
      new Recordings(
          items,
          stage.store,
          stage.clock,
          stage.servers,
          new RecordingBoard(
              stage.store, stage.clock, stage.notices, (_, event) -> stage.events.add(event)),
          new RecordingIds(new byte[32]),
          Runnable::run);
  private DirectoryStoreHandle process;
  private Library library;
  private TrackUploads uploads;
  private RecordedPeople people;
  private ConferenceId conference = new ConferenceId("none");
  private Participant ana;
  private Participant ben;
  private long reports;
  private long questions;

  @BeforeEach
  void anaAndBenTalk() throws IOException {
    process = DirectoryStoreHandle.start(folder, stage.clock);
    library =
        new Library(
            new LibraryItems(table),
            new ObjectStores(List.of(store())),
            new ObjectIds(new byte[32]),
            new ObjectRules(
                new ResidencyPolicies(
                    new ResidencyItems(stage.file.table("ops", Table.OPS.indexes())), stage.clock)),
            stage.clock,
            new Library.Hearers(stage.notices, (_, _) -> {}));
    uploads = library.uploads(recordings.tracks(), new SpoolKeyring(new byte[32]));
    people = new RecordedPeople(recordings, items, uploads);
    stage.facts.tell(recordings);
    conference = stage.conference(ConferenceOptions.DEFAULT);
    stage.facts.onServerUp(FIRST, List.of());
    ana = arrived("ana");
    ben = arrived("ben");
  }

  @AfterEach
  void close() {
    http.close();
    process.close();
    stage.close();
  }

  private S3Store store() throws IOException {
    QuerySigner signer =
        new QuerySigner(
            BucketAddress.of(URI.create(process.address()), DirectoryStore.BUCKET, true),
            AccessKeyFile.read(folder.resolve("key")),
            DirectoryStore.REGION);
    StoreName name = new StoreName("near", StoreKind.DIRECTORY, FIRST.region().value());
    return new S3Store(name, signer, signer, http, stage.clock);
  }

  private Participant arrived(String identity) {
    Participant offered = stage.offer(stage.join(conference, identity));
    long epoch = Objects.requireNonNull(offered.media()).epoch();
    stage.facts.onState(
        FIRST, ++reports, new StateEvent.ParticipantConnected(conference, epoch, offered.id()));
    return stage.read(offered);
  }

  private Recording start(RecordingMode mode) {
    stage.clock.advance(Duration.ofSeconds(1));
    Recording.Wish wish = new Recording.Wish(mode, 1, new TreeMap<>(), mode.name());
    return done(recordings.start(stage.read(conference), wish, null)).recording();
  }

  private Recording read(Recording recording) {
    return Objects.requireNonNull(items.recording(recording.id()));
  }

  private Found erase(boolean erasesMixes, Participant... stays) {
    return people.erase(stage.read(conference), List.of(stays), erasesMixes);
  }

  private static UploadRequest.Track track(Recording recording, String name) {
    return new UploadRequest.Track(recording.id().value(), 1, name);
  }

  private UploadAnswer.Outcome ask(UploadRequest.Track track, UploadRequest.Wish wish) {
    return uploads.answer(new UploadRequest(++questions, track, wish));
  }

  private UploadAnswer.Outcome begin(UploadRequest.Track track) {
    return ask(track, new UploadRequest.Sign(List.of(new UploadRequest.Create())));
  }

  /** Brings a track to its store as media servers do, and returns its object. */
  private String upload(UploadRequest.Track track) throws Exception {
    UploadRequest.Sign wish =
        new UploadRequest.Sign(
            List.of(
                new UploadRequest.Put(File.AUDIO, content(SOUND)),
                new UploadRequest.Put(File.MANIFEST, content(MANIFEST))));
    List<StoreRequest> requests = ((UploadAnswer.Signed) ask(track, wish)).requests();
    put(requests.getFirst(), SOUND);
    put(requests.getLast(), MANIFEST);
    assertThat(
            ask(
                track,
                new UploadRequest.Finish(content(SOUND), content(MANIFEST), 1_000, 0, false)))
        .isEqualTo(new UploadAnswer.Available());
    return Objects.requireNonNull(items.recording(recordingOf(track))).objects().getLast();
  }

  private static RecordingId recordingOf(UploadRequest.Track track) {
    return new RecordingId(track.recording());
  }

  private void put(StoreRequest request, byte[] body) throws Exception {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(request.url()))
            .method(request.method(), BodyPublishers.ofByteArray(body));
    request.headers().forEach(header -> builder.header(header.name(), header.value()));
    assertThat(http.send(builder.build(), BodyHandlers.discarding()).statusCode()).isEqualTo(200);
  }

  private static UploadRequest.Content content(byte[] bytes) throws NoSuchAlgorithmException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
    return new UploadRequest.Content(bytes.length, Base64.getEncoder().encodeToString(hash), null);
  }

  private ObjectState stateOf(String object) {
    return Objects.requireNonNull(library.find("t", object)).progress().state();
  }

  @Test
  void onesOwnTracksAreErasedAndWhatStillComesIsNotTaken() throws Exception {
    Recording recording = start(RecordingMode.TRACKS);
    String anas = upload(track(recording, ana.id().value()));
    String bens = upload(track(recording, ben.id().value()));
    assertThat(begin(track(recording, ana.id().value() + ".2")))
        .isInstanceOf(UploadAnswer.Signed.class);

    assertThat(erase(false, ana)).isEqualTo(new Found(2, 0, List.of()));

    LibraryObject sound = Objects.requireNonNull(library.find("t", anas));
    assertThat(sound.progress().state()).isEqualTo(ObjectState.ERASED);
    assertThat(stateOf(Objects.requireNonNull(sound.content().thumbnail())))
        .isEqualTo(ObjectState.ERASED);
    assertThat(stateOf(bens)).isEqualTo(ObjectState.AVAILABLE);
    assertThat(begin(track(recording, ana.id().value() + ".2")))
        .isEqualTo(new UploadAnswer.Unwanted());
    assertThat(begin(track(recording, ana.id().value() + ".3")))
        .isEqualTo(new UploadAnswer.Unwanted());
    assertThat(begin(track(recording, ben.id().value() + ".2")))
        .isInstanceOf(UploadAnswer.Signed.class);
    assertThat(erase(false)).isEqualTo(new Found(0, 0, List.of()));
    assertThat(read(recording).state()).isEqualTo(RecordingState.RECORDING);
  }

  @Test
  void aMixIsNamedAndStaysUnlessItIsToBeErased() throws Exception {
    Recording recording = start(RecordingMode.MIX);
    String object = upload(track(recording, "mix"));

    assertThat(erase(false, ana))
        .isEqualTo(new Found(0, 0, List.of(new Mix(recording.id(), conference, Fate.KEPT))));
    assertThat(stateOf(object)).isEqualTo(ObjectState.AVAILABLE);
    assertThat(read(recording).state()).isEqualTo(RecordingState.RECORDING);

    assertThat(erase(true, ana))
        .isEqualTo(new Found(0, 0, List.of(new Mix(recording.id(), conference, Fate.ERASED))));

    assertThat(stateOf(object)).isEqualTo(ObjectState.ERASED);
    assertThat(read(recording).state()).isEqualTo(RecordingState.STOPPING);
    assertThat(begin(track(recording, "mix"))).isEqualTo(new UploadAnswer.Unwanted());
    assertThat(erase(true)).isEqualTo(new Found(0, 0, List.of()));
  }

  @Test
  void whatMustBeKeptIsKeptAndSaid() throws Exception {
    Recording mixed = start(RecordingMode.MIX);
    Recording tracks = start(RecordingMode.TRACKS);
    for (UploadRequest.Track track :
        List.of(track(mixed, "mix"), track(tracks, ana.id().value()))) {
      Outcome<LibraryObject> held =
          library.change(
              "t",
              upload(track),
              label -> label,
              keeping -> new LibraryObject.Keeping(keeping.retainUntil(), true),
              null);
      assertThat(held).isInstanceOf(Outcome.Done.class);
    }

    assertThat(erase(true, ana))
        .isEqualTo(new Found(0, 1, List.of(new Mix(mixed.id(), conference, Fate.HELD))));
  }

  @Test
  void whoWasNotThereWhileItWasRecordedIsInNoMix() {
    Recording early = start(RecordingMode.MIX);
    Answer<Recording> _ = recordings.change(read(early), Target.STOPPED, null);
    stage.clock.advance(Duration.ofSeconds(1));
    Participant late = arrived("cleo");
    Answer<Participant> _ = stage.participants.leave(conference, ben.id(), LeaveReason.CLIENT);
    Recording second = start(RecordingMode.MIX);

    assertThat(erase(false, late).mixes()).extracting(Mix::recording).containsExactly(second.id());
    assertThat(erase(false, stage.read(ben)).mixes())
        .extracting(Mix::recording)
        .containsExactly(early.id());
  }

  @Test
  void aRecordingOfWhichNothingIsLeftSaysWhy() {
    Recording recording = start(RecordingMode.TRACKS);
    erase(false, ana);
    Answer<Recording> _ = recordings.change(read(recording), Target.STOPPED, null);
    stage.facts.onState(
        FIRST,
        ++reports,
        new StateEvent.RecordingEnded(
            conference,
            1,
            recording.id(),
            1,
            StateEvent.RecordingEndCause.STOPPED,
            1,
            stage.clock.instant().toEpochMilli(),
            1_000));

    assertThat(begin(track(recording, ana.id().value()))).isEqualTo(new UploadAnswer.Unwanted());

    assertThat(read(recording).state()).isEqualTo(RecordingState.FAILED);
    assertThat(read(recording).endReason()).isEqualTo(EndReason.ERASED);
  }
}
