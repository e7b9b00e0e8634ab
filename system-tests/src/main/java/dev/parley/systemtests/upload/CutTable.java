package dev.parley.systemtests.upload;

import dev.parley.common.s3.UrlRequest;
import dev.parley.media.record.SpoolTracks;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.ObjectState;
import dev.parley.session.library.RecordingPlaces.RecordedTrack;
import dev.parley.systemtests.show.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * One upload, of a track that grows, while its links, its store and its ways there are cut and
 * restored; and what a calm one costs the session tier. As much of a media server as uploads, and
 * two session nodes as far as media servers meet them; the store is a process of its own. One
 * thread.
 */
public final class CutTable implements AutoCloseable {
  private static final int PART = 5 << 20;
  private static final long RATE = 64 << 20;
  private static final long PACED = 4 << 20;

  /** Ten minutes of a mix. */
  private static final int SHORT_LENGTH = 2_400_000;

  private static final int LONG_LENGTH = 4 * PART;
  private static final int ASKED = 300;
  private static final long ASK_EACH_NS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final double OBJECT_BYTES = 2048;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path folder;
  private final String name;
  private final StoreProcess process;
  private final SessionTier tier;
  private final SpoolTracks spool;
  private final HttpClient http = HttpClient.newHttpClient();
  private double heartbeatBytesPerSec;

  private CutTable(Path folder, String name, StoreProcess process) throws IOException {
    this.folder = folder;
    this.name = name;
    this.process = process;
    tier = new SessionTier(process, new NoEvents());
    spool = new SpoolTracks(UploadingProcess.spool(folder), tier.spoolKeys());
    Files.createDirectories(UploadingProcess.spool(folder));
  }

  /** Over the directory store. */
  public static CutTable overDirectory(Path folder) throws IOException {
    Path place = folder.resolve("store");
    return new CutTable(folder, "directory store", StoreProcess.directory(place));
  }

  /** Over S3Proxy, which is others' work. */
  public static CutTable overS3Proxy(Path folder) throws IOException {
    return new CutTable(folder, "S3Proxy", StoreProcess.s3(folder.resolve("store")));
  }

  /** Uploads tracks in peace; judges what passes through the session tier, and how fast. */
  public void calm(Report report) throws Exception {
    report.step(name + ": uploads in peace, and without a store for a while");
    try (UploadingProcess media = new UploadingProcess(folder, tier.addresses(), PACED)) {
      upload(media, id("warm"), 100_000);
      var _ = roundTripsMs(media, () -> true);
      heartbeatBytesPerSec = tier.idleBytesPerSec();
      double[] idle = roundTripsMs(media, () -> true);
      double[] busy = whileUploading(media, id("busy"), false);
      double[] without = whileUploading(media, id("without"), true);
      judgeLink(report, "while it uploads", idle, busy);
      judgeLink(report, "while there is no store", idle, without);
      report.atMost(
          name
              + ": bytes through the session tier for an object (a track sent at once, its manifest)",
          upload(media, id("short"), SHORT_LENGTH),
          OBJECT_BYTES,
          "");
      report.tell(
          name + ": the same of a track in four parts",
          String.format(Locale.ROOT, "%.0f", upload(media, id("long"), LONG_LENGTH)));
    }
    Path storeKeys = UploadingProcess.storeKeys(folder);
    Files.writeString(storeKeys, SessionTier.storeKeys(process));
    try (UploadingProcess media = new UploadingProcess(folder, tier.addresses(), PACED)) {
      upload(media, id("warm_keyed"), 100_000);
      report.atMost(
          name + ": the same if the media server has the store's key",
          upload(media, id("keyed"), LONG_LENGTH),
          OBJECT_BYTES,
          "");
    }
    Files.delete(storeKeys);
    tier.available.clear();
  }

  /** Of a recording's usual length, which counts in what passes. */
  private static String id(String name) {
    byte[] bytes = Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 16);
    return "rc_" + HexFormat.of().formatHex(bytes);
  }

  /** Round trips while a track is uploaded; if there is no store, it can be only afterwards. */
  private double[] whileUploading(UploadingProcess media, String recording, boolean isStoreAway)
      throws Exception {
    tier.know(recording);
    int already = tier.available.size();
    if (isStoreAway) {
      tier.isolateStore();
    }
    write(media, recording, LONG_LENGTH);
    double[] taken = roundTripsMs(media, () -> isStoreAway || tier.available.size() > already);
    tier.restoreStore();
    await("a track", () -> tier.available.size() > already);
    await("an empty spool", this::isSpoolEmpty);
    return taken;
  }

  /** Writes a whole track; the uploader must not look at half of it as all that is left. */
  private void write(UploadingProcess media, String recording, int length) throws Exception {
    String segment = recording + ".1";
    media.recording.add(segment);
    spool.write(segment, "mix", bytes(length, length));
    media.recording.remove(segment);
    media.uploader.wake();
  }

  /**
   * Uploads a track; returns what passed through the session tier for each of its two objects,
   * without the heartbeats of its links.
   */
  private double upload(UploadingProcess media, String recording, int length) throws Exception {
    tier.know(recording);
    int already = tier.available.size();
    long before = tier.passedBytes();
    long beforeNs = System.nanoTime();
    write(media, recording, length);
    await("a track", () -> tier.available.size() > already);
    await("an empty spool", this::isSpoolEmpty);
    double passed = tier.passedBytes() - before;
    double seconds = (System.nanoTime() - beforeNs) / 1e9;
    return (passed - heartbeatBytesPerSec * seconds) / 2;
  }

  private void judgeLink(Report report, String when, double[] idle, double[] then) {
    double idleMs = percentile(idle);
    report.atMost(
        String.format(
            Locale.ROOT,
            "%s: round trip of the control link %s, p99 (idle %.1f ms)",
            name,
            when,
            idleMs),
        percentile(then),
        2 * idleMs + 2,
        "ms");
  }

  /** Uploads a growing track while so many things break, and judges what the store has then. */
  public void cuts(Report report, int breaks, long seed) throws Exception {
    report.step(name + ": " + breaks + " cuts in one upload");
    Random random = new Random(seed);
    tier.know("rc_cut");
    tier.available.clear();
    MessageDigest said = MessageDigest.getInstance("SHA-256");
    long length = 0;
    long failures;
    try (SpoolTracks.Growing track = spool.begin("rc_cut.1", "mix");
        UploadingProcess media = new UploadingProcess(folder, tier.addresses(), RATE, "rc_cut.1")) {
      length += append(track, said, bytes(2 * PART, seed));
      for (int i = 1; i <= breaks; i++) {
        // Before there is another part: it may be sent while the rest of it is written.
        long from = tier.storeOfMedia.passedBytes();
        length += append(track, said, bytes(PART + random.nextInt(PART / 2), seed + i));
        int enough = random.nextInt(PART * 9 / 10);
        await("the upload", () -> tier.storeOfMedia.passedBytes() > from + enough);
        tier.breakOne(random.nextInt(SessionTier.KINDS), process);
      }
      track.end();
      media.recording.clear();
      media.uploader.wake();
      await("the track, seed " + seed, () -> !tier.available.isEmpty());
      await("an empty spool", this::isSpoolEmpty);
      failures = media.uploader.failureCount();
    }
    judge(report, breaks, Base64.getEncoder().encodeToString(said.digest()), length);
    report.tell(name + ": attempts of it that failed", Long.toString(failures));
  }

  private void judge(Report report, int breaks, String hash, long length) throws Exception {
    RecordedTrack track = tier.available.getFirst();
    LibraryObject object = tier.library.find(SessionTier.TENANT, track.object());
    boolean isThere =
        object != null && object.progress().state() == ObjectState.AVAILABLE && isAt(object, hash);
    report.check(
        name + ": after " + breaks + " cuts the object is what was recorded, by its hash",
        isThere,
        length / (1 << 20) + " MiB");
    int orphans = object == null ? -1 : tier.store.abortUploads(object.place().key());
    report.atMost(name + ": uploads in parts that were left", Math.abs(orphans), 0, "");
  }

  private boolean isAt(LibraryObject object, String hash) throws Exception {
    String url =
        tier.store.sign(UrlRequest.get(object.place().key(), null, null), Duration.ofMinutes(1));
    byte[] found =
        http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray())
            .body();
    byte[] actual = MessageDigest.getInstance("SHA-256").digest(found);
    return Base64.getEncoder().encodeToString(actual).equals(hash)
        && object.content().sha256().equals(hash);
  }

  /** Asks again and again: so often at least, and then until something is so. */
  private static double[] roundTripsMs(UploadingProcess media, BooleanSupplier isOver)
      throws Exception {
    double[] taken = new double[ASKED];
    int count = 0;
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (count < ASKED || !isOver.getAsBoolean()) {
      if (System.nanoTime() > deadlineNs) {
        throw new IOException("asked " + count + " times, and it is not over");
      }
      if (count == taken.length) {
        taken = Arrays.copyOf(taken, 2 * taken.length);
      }
      long startNs = System.nanoTime();
      var _ = media.askInVain().get(5, TimeUnit.SECONDS);
      taken[count] = (System.nanoTime() - startNs) / 1e6;
      count++;
      LockSupport.parkNanos(ASK_EACH_NS);
    }
    return Arrays.copyOf(taken, count);
  }

  private static double percentile(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) (sorted.length * 0.99)];
  }

  private static long append(SpoolTracks.Growing track, MessageDigest said, byte[] bytes)
      throws Exception {
    track.append(bytes);
    said.update(bytes);
    return bytes.length;
  }

  private boolean isSpoolEmpty() {
    try (Stream<Path> files = Files.walk(UploadingProcess.spool(folder))) {
      return files.noneMatch(file -> file.toString().endsWith(".sealed"));
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  private static void await(String what, BooleanSupplier condition) throws IOException {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadlineNs) {
        throw new IOException("waited in vain for " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    http.close();
    tier.close();
    process.close();
  }
}
