package dev.parley.systemtests.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.common.s3.UrlRequest;
import dev.parley.media.record.SpoolTracks;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.LibraryStore;
import dev.parley.session.library.ObjectState;
import dev.parley.session.library.Outcome;
import dev.parley.session.library.RecordingPlaces.RecordedTrack;
import dev.parley.systemtests.show.JavaProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * From a spool to a store in a process of its own, over links that break: the object is what was
 * recorded, nothing is sent twice that need not be, and nothing half is left.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
abstract class RecordingUploadContract {
  /** Twenty in {@code ./parley show recording}. */
  private static final int BREAKS = 4;

  private static final int PART = 5 << 20;
  private static final long FAST = 64 << 20;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Of the usual length, which counts in what passes. */
  private static final String RECORDING = "rc_5f0c6a1de83b4f7790c2d41e6b85a3f9";

  private static final String SEGMENT = RECORDING + ".1";
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private StoreProcess process;
  private SessionTier tier;
  private SpoolTracks spool;

  abstract StoreProcess startStore(Path place) throws IOException;

  /** True if the media server has the store's key, and asks the nodes for no signatures. */
  boolean isKeyed() {
    return false;
  }

  @BeforeEach
  void start() throws IOException {
    process = startStore(folder.resolve("store"));
    tier = new SessionTier(process, new NoEvents());
    spool = new SpoolTracks(UploadingProcess.spool(folder), tier.spoolKeys());
    Files.createDirectories(UploadingProcess.spool(folder));
    if (isKeyed()) {
      Files.writeString(UploadingProcess.storeKeys(folder), SessionTier.storeKeys(process));
    }
  }

  @AfterEach
  void stop() throws IOException {
    http.close();
    tier.close();
    process.close();
  }

  @Test
  void aShortTrackIsThereSoonAndCostsTheNodesLittle() throws Exception {
    byte[] content = bytes(2_400_000, 1);
    tier.know(RECORDING);
    spool.write(SEGMENT, "warm", bytes(100_000, 2));
    try (UploadingProcess media = new UploadingProcess(folder, tier.addresses(), 4 << 20)) {
      await("the first track", () -> tier.available.size() == 1);
      double heartbeatsPerSec = tier.idleBytesPerSec();
      long before = tier.passedBytes();
      long beforeNs = System.nanoTime();
      media.recording.add(SEGMENT);
      spool.write(SEGMENT, "mix", content);
      media.recording.clear();
      long endedNs = System.nanoTime();
      media.uploader.wake();
      await("the track", () -> tier.available.size() == 2);
      long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - endedNs);
      await("an empty spool", this::isSpoolEmpty);
      await("a segment that is forgotten", () -> media.emptied.contains(SEGMENT));

      // Two objects: the sound and its manifest.
      double heartbeats = heartbeatsPerSec * (System.nanoTime() - beforeNs) / 1e9;
      double bytesPerObject = (tier.passedBytes() - before - heartbeats) / 2;
      System.out.printf("%d ms; %.0f bytes through the nodes an object%n", tookMs, bytesPerObject);
      assertThat(bytesPerObject).isLessThan(2048);
      assertThat(tookMs).isLessThan(3000);
      assertThat(tier.uploads.signedCount() == 0).isEqualTo(isKeyed());
    }
    RecordedTrack track = tier.available.get(1);
    assertThat(track.gapCount()).isZero();
    assertThat(track.lengthBytes()).isEqualTo(content.length);
    assertIsThere(track, content);
    JsonNode manifest = JSON.readTree(read(track.manifest()));
    assertThat(manifest.path("sha256").asText()).hasSize(64);
    assertThat(manifest.has("upload")).isFalse();
  }

  @Test
  void aLongTrackCostsTheNodesNoMoreIfTheMediaServerHasTheStoresKey() throws Exception {
    assumeThat(isKeyed()).isTrue();
    tier.know(RECORDING);
    spool.write(SEGMENT, "warm", bytes(100_000, 2));
    try (UploadingProcess media = new UploadingProcess(folder, tier.addresses(), FAST)) {
      await("the first track", () -> tier.available.size() == 1);
      double heartbeatsPerSec = tier.idleBytesPerSec();
      long before = tier.passedBytes();
      long beforeNs = System.nanoTime();
      media.recording.add(SEGMENT);
      spool.write(SEGMENT, "mix", bytes(4 * PART, 9));
      media.recording.clear();
      media.uploader.wake();
      await("the track", () -> tier.available.size() == 2);
      await("an empty spool", this::isSpoolEmpty);

      double heartbeats = heartbeatsPerSec * (System.nanoTime() - beforeNs) / 1e9;
      assertThat((tier.passedBytes() - before - heartbeats) / 2).isLessThan(2048);
    }
    assertIsThere(tier.available.get(1), bytes(4 * PART, 9));
  }

  @Test
  void anUploadGoesOnWhateverBreaks() throws Exception {
    long seed = 20_261_122;
    Random random = new Random(seed);
    tier.know("rc_2");
    List<byte[]> said = new ArrayList<>();
    try (SpoolTracks.Growing track = spool.begin("rc_2.1", "mix");
        UploadingProcess media = newMedia("rc_2.1")) {
      append(track, said, bytes(2 * PART, 0));
      for (int i = 1; i <= BREAKS; i++) {
        // Before there is another part: it may be sent while the rest of it is written.
        long from = tier.storeOfMedia.passedBytes();
        append(track, said, bytes(PART + random.nextInt(PART / 2), i));
        int enough = random.nextInt(PART * 9 / 10);
        await("the upload", () -> tier.storeOfMedia.passedBytes() > from + enough);
        tier.breakOne(random.nextInt(SessionTier.KINDS), process);
      }
      track.end();
      media.recording.clear();
      media.uploader.wake();
      await("the track, seed " + seed, () -> tier.available.size() == 1);
      await("an empty spool", this::isSpoolEmpty);
      System.out.printf(
          "%d breaks, %d attempts failed, %d parts known, %d asked again%n",
          BREAKS,
          media.uploader.failureCount(),
          media.uploader.knownPartCount(),
          media.uploader.partCount());
    }
    assertIsThere(tier.available.getFirst(), whole(said));
    JsonNode manifest = JSON.readTree(read(tier.available.getFirst().manifest()));
    assertThat(manifest.path("upload").path("parts").size())
        .isEqualTo((whole(said).length + PART - 1) / PART);
  }

  private UploadingProcess newMedia(String recording) throws IOException {
    return new UploadingProcess(folder, tier.addresses(), FAST, recording);
  }

  @Test
  void aKilledProcessSendsNothingTwice() throws Exception {
    byte[] content = bytes(6 * PART + 12_345, 3);
    tier.know("rc_3");
    spool.write("rc_3.1", "mix", content);
    Process first = launch(16 << 20);
    await("half of it", () -> tier.storeOfMedia.passedBytes() > 3.4 * PART);
    first.destroyForcibly();
    assertThat(first.waitFor(10, TimeUnit.SECONDS)).isTrue();
    long sentByFirst = tier.storeOfMedia.passedBytes();
    assertThat(tier.available).isEmpty();

    Process second = launch(FAST);
    try {
      await("the track", () -> tier.available.size() == 1);
      await("an empty spool", this::isSpoolEmpty);
    } finally {
      second.destroyForcibly();
    }

    long sent = tier.storeOfMedia.passedBytes();
    System.out.printf(
        "%d bytes, %d sent before the kill, %d in all%n", content.length, sentByFirst, sent);
    // Of the part that was under way what had come is lost, and nothing else.
    assertThat(sent).isLessThan(content.length + PART + PART / 10L);
    assertIsThere(tier.available.getFirst(), content);
  }

  @Test
  void whatCannotBeConfirmedYetIsConfirmedLater() throws Exception {
    byte[] content = bytes(2 * PART + 12_345, 8);
    tier.know("rc_8");
    tier.storeOfNodes.isolate();
    spool.write("rc_8.1", "mix", content);
    try (UploadingProcess media = new UploadingProcess(folder, tier.addresses(), FAST)) {
      await("attempts", () -> media.uploader.failureCount() >= 3);
      assertThat(tier.available).isEmpty();
      tier.storeOfNodes.restore();
      await("the track", () -> tier.available.size() == 1);
      await("an empty spool", this::isSpoolEmpty);

      assertThat(media.uploader.damagedCount()).isZero();
      assertThat(media.uploader.partCount()).isEqualTo(3);
    }
    assertIsThere(tier.available.getFirst(), content);
  }

  @Test
  void whatChangesOnTheWayIsSentAgain() throws Exception {
    if (!process.isStrict()) {
      return;
    }
    byte[] content = bytes(2 * PART + 2_000_000, 4);
    tier.know("rc_4");
    spool.write("rc_4.1", "mix", content);
    tier.storeOfMedia.flipAfter(PART + 1_000_000);
    try (UploadingProcess media = new UploadingProcess(folder, tier.addresses(), FAST)) {
      await("the track", () -> tier.available.size() == 1);

      assertThat(media.uploader.failureCount()).isPositive();
    }
    assertIsThere(tier.available.getFirst(), content);
  }

  @Test
  void whatNobodyKnowsWaitsAndWhatNobodyWantsGoes() throws Exception {
    spool.write("rc_5.1", "mix", bytes(200_000, 5));
    spool.write("rc_6.1", "mix", bytes(2 * PART, 6));
    tier.know("rc_6");
    try (UploadingProcess media = new UploadingProcess(folder, tier.addresses(), 4 << 20)) {
      await("a part", () -> media.uploader.sentBytes() > PART / 2);
      await("an object", () -> !objects().isEmpty());
      for (LibraryObject object : objects()) {
        Outcome<LibraryObject> _ = tier.library.erase(SessionTier.TENANT, object.id(), null);
      }
      await("one left", () -> media.uploader.waitingCount() == 1);
      assertThat(tier.uploads.unknownCount()).isPositive();
      assertThat(tier.available).isEmpty();
      for (LibraryObject object : objects()) {
        assertThat(tier.store.abortUploads(object.place().key())).isZero();
      }

      tier.know("rc_5");
      await("the other", () -> tier.available.size() == 1);
      await("an empty spool", this::isSpoolEmpty);
    }
    assertIsThere(tier.available.getFirst(), bytes(200_000, 5));
  }

  @Test
  void whatCannotBeReadIsSetAside() throws Exception {
    tier.know("rc_7");
    spool.write("rc_7.1", "mix", bytes(300_000, 7));
    Path sealed = UploadingProcess.spool(folder).resolve("rc_7.1/mix.sealed");
    byte[] damaged = Files.readAllBytes(sealed);
    damaged[150_000] ^= 1;
    Files.write(sealed, damaged);
    try (UploadingProcess media = new UploadingProcess(folder, tier.addresses(), FAST)) {
      await("it is told", () -> !tier.failed.isEmpty());
      await("it is set aside", () -> media.uploader.damagedCount() == 1);
    }
    assertThat(tier.available).isEmpty();
    assertThat(sealed.resolveSibling("mix.sealed.damaged")).exists();
  }

  private List<LibraryObject> objects() {
    return tier.library
        .list(
            new LibraryStore.Selection(SessionTier.TENANT, null, Set.of(), Map.of(), false),
            100,
            null)
        .objects();
  }

  private void assertIsThere(RecordedTrack track, byte[] content) throws Exception {
    LibraryObject object =
        Objects.requireNonNull(tier.library.find(SessionTier.TENANT, track.object()));
    assertThat(object.progress().state()).isEqualTo(ObjectState.AVAILABLE);
    assertThat(object.progress().isHashVerified()).isEqualTo(process.isStrict());
    assertThat(object.content().lengthBytes()).isEqualTo(content.length);
    assertThat(object.content().sha256()).isEqualTo(hash(content));
    assertThat(hash(read(track.object()))).isEqualTo(hash(content));
    assertThat(tier.store.abortUploads(object.place().key())).as("orphans").isZero();
  }

  private byte[] read(String objectId) throws IOException, InterruptedException {
    LibraryObject object = Objects.requireNonNull(tier.library.find(SessionTier.TENANT, objectId));
    String url =
        tier.store.sign(UrlRequest.get(object.place().key(), null, null), Duration.ofMinutes(1));
    return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray())
        .body();
  }

  private Process launch(long bytesPerSec) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            JavaProgram.classPath(),
            UploadingProcess.class.getName(),
            folder.toString(),
            Long.toString(bytesPerSec)));
    tier.addresses().forEach(address -> command.add(address.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("uploading.log").toFile())
        .start();
  }

  private boolean isSpoolEmpty() {
    try (Stream<Path> files = Files.walk(UploadingProcess.spool(folder))) {
      return files.noneMatch(file -> file.toString().endsWith(".sealed"));
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  private static void append(SpoolTracks.Growing track, List<byte[]> said, byte[] bytes)
      throws Exception {
    track.append(bytes);
    said.add(bytes);
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for " + what).isLessThan(deadlineNs);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private static byte[] whole(List<byte[]> parts) {
    int length = parts.stream().mapToInt(part -> part.length).sum();
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static String hash(byte[] content) throws Exception {
    return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
  }
}
