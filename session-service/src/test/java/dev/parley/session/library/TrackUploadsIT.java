package dev.parley.session.library;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadAnswer.StoreRequest;
import dev.parley.common.control.UploadRequest;
import dev.parley.common.control.UploadRequest.Content;
import dev.parley.common.control.UploadRequest.File;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.s3.AccessKeyFile;
import dev.parley.common.s3.BucketAddress;
import dev.parley.common.s3.QuerySigner;
import dev.parley.common.s3.UrlRequest;
import dev.parley.common.s3.XmlRows;
import dev.parley.session.conference.Notice;
import dev.parley.session.conference.NoticeSink;
import dev.parley.session.conference.NoticeType;
import dev.parley.session.conference.Notices;
import dev.parley.session.conference.RetentionRule;
import dev.parley.session.harness.MovableClock;
import dev.parley.session.object.ObjectStores;
import dev.parley.session.object.StoreKind;
import dev.parley.session.object.StoreName;
import dev.parley.session.object.directory.DirectoryStore;
import dev.parley.session.object.directory.DirectoryStoreHandle;
import dev.parley.session.object.s3.S3Store;
import dev.parley.session.placement.ResidencyPolicies;
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.store.LibraryItems;
import dev.parley.session.store.ResidencyItems;
import dev.parley.session.store.Table;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What media servers are answered that bring recordings, with a real store. */
final class TrackUploadsIT implements RecordingPlaces {
  private static final UploadRequest.Track TRACK = new UploadRequest.Track("rc_1", 1, "mix");

  @TempDir Path folder;

  private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T05:00:00Z"));
  private final HttpClient http = HttpClient.newHttpClient();
  private final EmbeddedStore items = EmbeddedStore.inMemory();
  private final Map<String, Home> homes = new HashMap<>();
  private final List<RecordedTrack> available = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private DirectoryStoreHandle process;
  private S3Store store;
  private ResidencyPolicies policies;
  private Library library;
  private TrackUploads uploads;
  private long lastId;

  @BeforeEach
  void start() throws IOException {
    process = DirectoryStoreHandle.start(folder, clock);
    store = store("near", "eu");
    Notices notices =
        new Notices(
            new ConferenceItems(items.table(Table.CORE)), clock, new Nobody(), Runnable::run);
    policies = new ResidencyPolicies(new ResidencyItems(items.table(Table.OPS)), clock);
    library =
        new Library(
            new LibraryItems(items.table(Table.LIBRARY)),
            new ObjectStores(List.of(store("far", "na"), store)),
            new ObjectIds(new byte[32]),
            new ObjectRules(policies),
            clock,
            new Library.Hearers(notices, (_, _) -> {}));
    uploads = library.uploads(this, new SpoolKeyring(new byte[32]));
    homes.put(
        "rc_1", new Home("acme", null, PlaceWish.in("eu"), new TreeMap<>(Map.of("team", "red"))));
  }

  @AfterEach
  void stop() {
    http.close();
    process.close();
    items.close();
  }

  @Test
  void aTrackBecomesAvailableWhenTheStoreHasIt() throws Exception {
    byte[] audio = "sound".getBytes(UTF_8);
    byte[] manifest = "{}".getBytes(UTF_8);
    UploadRequest.Finish finish =
        new UploadRequest.Finish(content(audio), content(manifest), 1500, 2, false);
    assertThat(ask(finish)).isEqualTo(new UploadAnswer.Different("it is not there"));

    List<StoreRequest> requests =
        sign(
            new UploadRequest.Put(File.AUDIO, content(audio)),
            new UploadRequest.Put(File.MANIFEST, content(manifest)));
    assertThat(send(requests.getFirst(), audio).statusCode()).isEqualTo(200);
    assertThat(send(requests.getLast(), manifest).statusCode()).isEqualTo(200);
    UploadRequest.Content longer = new Content(6, content(audio).sha256(), null);
    assertThat(ask(new UploadRequest.Finish(longer, content(manifest), 1500, 2, false)))
        .isEqualTo(new UploadAnswer.Different("size"));
    UploadRequest.Content other = new Content(5, content(manifest).sha256(), null);
    assertThat(ask(new UploadRequest.Finish(other, content(manifest), 1500, 2, false)))
        .isEqualTo(new UploadAnswer.Different("sha256"));
    assertThat(available).isEmpty();

    assertThat(ask(finish)).isEqualTo(new UploadAnswer.Available());
    assertThat(ask(finish)).isEqualTo(new UploadAnswer.Available());

    assertThat(ask(new UploadRequest.Sign(List.of(new UploadRequest.Create()))))
        .isEqualTo(new UploadAnswer.Available());
    assertThat(uploads.availableCount()).isEqualTo(1);
    RecordedTrack told = available.getFirst();
    assertThat(told.durationMs()).isEqualTo(1500);
    assertThat(told.gapCount()).isEqualTo(2);
    LibraryObject object = Objects.requireNonNull(library.find("acme", told.object()));
    assertThat(object.content().kind()).isEqualTo(ObjectKind.RECORDING);
    assertThat(object.content().lengthBytes()).isEqualTo(5);
    assertThat(object.content().thumbnail()).isEqualTo(told.manifest());
    assertThat(object.label().name()).isEqualTo("mix.ogg");
    assertThat(
            library
                .list(
                    new LibraryStore.Selection("acme", null, Set.of(), Map.of("team", "red"), true),
                    10,
                    null)
                .objects())
        .extracting(LibraryObject::id)
        .containsExactlyInAnyOrder(told.object(), told.manifest());

    assertThat(library.erase("acme", told.object(), null)).isInstanceOf(Outcome.Done.class);
    assertThat(Objects.requireNonNull(library.find("acme", told.manifest())).progress().state())
        .isEqualTo(ObjectState.ERASED);
    assertThat(ask(finish)).isEqualTo(new UploadAnswer.Unwanted());
  }

  @Test
  void aTrackIsAvailableThoughItsStoreDoesNotGiveUpWhatWasBegunInParts() throws Exception {
    byte[] audio = "sound".getBytes(UTF_8);
    byte[] manifest = "{}".getBytes(UTF_8);
    List<StoreRequest> requests =
        sign(
            new UploadRequest.Put(File.AUDIO, content(audio)),
            new UploadRequest.Put(File.MANIFEST, content(manifest)));
    assertThat(send(requests.getFirst(), audio).statusCode()).isEqualTo(200);
    assertThat(send(requests.getLast(), manifest).statusCode()).isEqualTo(200);
    UploadRequest.Finish once =
        new UploadRequest.Finish(content(audio), content(manifest), 1500, 0, false);
    UploadRequest.Finish inParts =
        new UploadRequest.Finish(content(audio), content(manifest), 1500, 0, true);
    assertThat(ask(once)).isEqualTo(new UploadAnswer.Available());
    process.close();

    assertThat(ask(inParts)).isEqualTo(new UploadAnswer.Later("uploads in parts are left"));
    assertThat(available).hasSize(2);

    clock.advance(Duration.ofMinutes(10));
    assertThat(ask(inParts)).isEqualTo(new UploadAnswer.Available());
    assertThat(uploads.leftCount()).isEqualTo(1);
    assertThat(uploads.availableCount()).isEqualTo(1);
  }

  @Test
  void aTrackIsErasedWithItsManifestWhenItsConferenceSays() throws Exception {
    homes.put(
        "rc_1",
        new Home(
            "acme", null, PlaceWish.in("eu"), new TreeMap<>(), new RetentionRule(30, 1, 1, 1)));
    byte[] audio = "sound".getBytes(UTF_8);
    byte[] manifest = "{}".getBytes(UTF_8);
    List<StoreRequest> requests =
        sign(
            new UploadRequest.Put(File.AUDIO, content(audio)),
            new UploadRequest.Put(File.MANIFEST, content(manifest)));
    assertThat(send(requests.getFirst(), audio).statusCode()).isEqualTo(200);
    assertThat(send(requests.getLast(), manifest).statusCode()).isEqualTo(200);
    assertThat(ask(new UploadRequest.Finish(content(audio), content(manifest), 1500, 0, false)))
        .isEqualTo(new UploadAnswer.Available());
    RecordedTrack told = available.getFirst();

    clock.advance(Duration.ofDays(30).minusSeconds(1));
    library.run();
    assertThat(stateOf(told.object())).isEqualTo(ObjectState.AVAILABLE);
    assertThat(stateOf(told.manifest())).isEqualTo(ObjectState.AVAILABLE);

    clock.advance(Duration.ofSeconds(1));
    library.run();
    assertThat(stateOf(told.object())).isEqualTo(ObjectState.ERASED);
    assertThat(stateOf(told.manifest())).isEqualTo(ObjectState.ERASED);
    assertThat(library.expiredCount()).isEqualTo(1);
  }

  private ObjectState stateOf(String id) {
    return Objects.requireNonNull(library.find("acme", id)).progress().state();
  }

  @Test
  void whatIsStillRecordedHasNoUrlAndCannotBeCommitted() {
    List<StoreRequest> _ = sign(new UploadRequest.Create());

    LibraryObject pending = pending();
    assertThat(pending.content().hasArrived()).isFalse();
    assertThat(library.upload(pending, library.judge("acme"))).isNull();
    assertThat(library.commit("acme", pending.id()))
        .isEqualTo(new Outcome.Refused<>(new ObjectRefusal.NotAvailable()));
  }

  @Test
  void whoHasTheStoresKeyIsToldWhereATrackBelongs() {
    UploadAnswer.Outcome answer = ask(new UploadRequest.Locate());

    String origin = store.address().origin();
    String path = store.address().path();
    assertThat(answer).isInstanceOf(UploadAnswer.Located.class);
    UploadAnswer.Located located = (UploadAnswer.Located) answer;
    assertThat(located.audio())
        .isEqualTo(
            new UploadAnswer.Place(
                "near", origin, path, store.signingRegion(), pending().place().key()));
    assertThat(located.manifest().key()).isNotEqualTo(located.audio().key());
    assertThat(ask(new UploadRequest.Locate())).isEqualTo(located);
    assertThat(uploads.signedCount()).isZero();
  }

  @Test
  void eachRecordingHasAKeyForSpoolsTheSameForAllItsTracks() {
    UploadAnswer.Outcome key = ask(track("rc_unknown", 1), new UploadRequest.SpoolKey());

    assertThat(key).isInstanceOf(UploadAnswer.Key.class);
    assertThat(key.toString()).doesNotContain(((UploadAnswer.Key) key).key());
    assertThat(ask(track("rc_unknown", 2), new UploadRequest.SpoolKey())).isEqualTo(key);
    assertThat(ask(track("rc_other", 1), new UploadRequest.SpoolKey())).isNotEqualTo(key);
  }

  private static UploadRequest.Track track(String recording, int segment) {
    return new UploadRequest.Track(recording, segment, "mix");
  }

  @Test
  void theRegionsStoreIsTakenAndNoOther() {
    assertThat(sign(new UploadRequest.Create()).getFirst().url())
        .startsWith(store.address().origin());
    assertThat(pending().place().store()).isEqualTo("near");

    homes.put("rc_2", new Home("acme", null, PlaceWish.in("asia"), new TreeMap<>()));
    assertThat(ask(new UploadRequest.Track("rc_2", 1, "mix"), new UploadRequest.Abandon("")))
        .isInstanceOf(UploadAnswer.Later.class);
    assertThat(ask(new UploadRequest.Track("rc_3", 1, "mix"), new UploadRequest.Abandon("")))
        .isInstanceOf(UploadAnswer.Later.class);
    assertThat(uploads.unknownCount()).isEqualTo(1);
  }

  @Test
  void anUploadThatNeverEndsIsGivenUpAfterThirtyDays() throws Exception {
    begin();
    clock.advance(Duration.ofDays(29));
    library.run();
    assertThat(underWay()).isEqualTo(1);
    assertThat(pending().progress().state()).isEqualTo(ObjectState.PENDING);

    clock.advance(Duration.ofDays(2));
    library.run();

    assertThat(underWay()).isZero();
    assertThat(ask(new UploadRequest.Sign(List.of(new UploadRequest.Create()))))
        .isEqualTo(new UploadAnswer.Unwanted());
  }

  @Test
  void whatCannotBeReadIsGivenUpAndMayComeLater() throws Exception {
    begin();

    assertThat(ask(new UploadRequest.Abandon("no key opens it")))
        .isEqualTo(new UploadAnswer.Unwanted());

    assertThat(failed).containsExactly("no key opens it");
    assertThat(underWay()).isZero();
    assertThat(sign(new UploadRequest.Create())).hasSize(1);
  }

  private void begin() throws IOException, InterruptedException {
    StoreRequest create = sign(new UploadRequest.Create()).getFirst();
    assertThat(send(create, new byte[0]).statusCode()).isEqualTo(200);
    assertThat(underWay()).isEqualTo(1);
  }

  private int underWay() throws IOException, InterruptedException {
    UrlRequest request = UrlRequest.uploads("ob_");
    HttpResponse<byte[]> answer =
        send(
            new StoreRequest("GET", store.sign(request, Duration.ofMinutes(1)), List.of()),
            new byte[0]);
    return Objects.requireNonNull(XmlRows.read(answer.body(), "Upload")).size();
  }

  private LibraryObject pending() {
    return library
        .list(
            new LibraryStore.Selection("acme", null, Set.of(ObjectKind.RECORDING), Map.of(), false),
            10,
            null)
        .objects()
        .getFirst();
  }

  private List<StoreRequest> sign(UploadRequest.Step... steps) {
    return ((UploadAnswer.Signed) ask(new UploadRequest.Sign(List.of(steps)))).requests();
  }

  private UploadAnswer.Outcome ask(UploadRequest.Wish wish) {
    return ask(TRACK, wish);
  }

  private UploadAnswer.Outcome ask(UploadRequest.Track track, UploadRequest.Wish wish) {
    return uploads.answer(new UploadRequest(++lastId, track, wish));
  }

  private HttpResponse<byte[]> send(StoreRequest request, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(request.url()))
            .method(
                request.method(),
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    request.headers().forEach(header -> builder.header(header.name(), header.value()));
    return http.send(builder.build(), BodyHandlers.ofByteArray());
  }

  private S3Store store(String id, String region) throws IOException {
    QuerySigner signer =
        new QuerySigner(
            BucketAddress.of(URI.create(process.address()), DirectoryStore.BUCKET, true),
            AccessKeyFile.read(folder.resolve("key")),
            DirectoryStore.REGION);
    return new S3Store(new StoreName(id, StoreKind.DIRECTORY, region), signer, signer, http, clock);
  }

  private static Content content(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return new Content(bytes.length, Base64.getEncoder().encodeToString(hash), null);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public @Nullable Home find(UploadRequest.Track track) {
    return homes.get(track.recording());
  }

  @Override
  public void trackAvailable(RecordedTrack track) {
    available.add(track);
  }

  @Override
  public void trackFailed(UploadRequest.Track track, String detail) {
    failed.add(detail);
  }

  /** Nobody is told. */
  private static final class Nobody implements NoticeSink {
    @Override
    public boolean wants(String tenant, NoticeType type) {
      return false;
    }

    @Override
    public void accept(String tenant, ConferenceId conference, List<Notice> notices) {}
  }
}
