package dev.parley.media.upload;

import dev.parley.common.control.Backoff;
import dev.parley.media.record.SpoolKeys;
import dev.parley.media.record.SpooledTrack;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is in the spool to its object stores: growing tracks part by part, and what has ended
 * until the session tier says that it is available. Knows nothing but the spool, so it goes on
 * where another process was killed. Thread-safe; a virtual thread looks through the spool, and one
 * for each track sends.
 */
public final class Uploader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Uploader.class);
  private static final Duration STOP_TIME_MAX = Duration.ofSeconds(5);

  /** What the uploader must know of whoever records. Thread-safe. */
  public interface Spool {
    /** True while a segment is recorded: a track of it without a manifest grows. */
    boolean isRecording(String segment);

    /** A track's sealed file, of that length in bytes, was erased. */
    void onErased(String segment, long lengthBytes);

    /** All tracks of a segment that has ended are erased: it need not be known any more. */
    void onEmpty(String segment);
  }

  /** A track that is in the spool. Belongs to the scanning thread but for what is volatile. */
  private static final class Waiting {
    final TrackUpload upload;
    final Backoff backoff;
    volatile boolean isInHand;
    volatile boolean isGone;
    volatile long dueNs;

    Waiting(TrackUpload upload, Backoff backoff, long dueNs) {
      this.upload = upload;
      this.backoff = backoff;
      this.dueNs = dueNs;
    }
  }

  private final Path directory;
  private final Spool spool;
  private final UploadTools tools;
  private final LongSupplier nanoClock;
  private final RandomGenerator random;
  private final Semaphore free;
  private final Semaphore wake = new Semaphore(0);
  private final Map<Path, Waiting> waiting = new ConcurrentHashMap<>();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final Thread scanner;
  private volatile boolean isClosed;

  /** Where things are, and who answers. */
  public record Place(
      Path directory, SpoolKeys keys, Spool spool, UploadDesk desk, StoreSigners signers) {}

  /**
   * An uploader that has not begun.
   *
   * @param random safe for several threads; spreads the attempts of servers that lost a store
   *     together
   * @param nanoClock monotonic time in nanoseconds
   */
  public Uploader(
      Place place, UploadSettings settings, RandomGenerator random, LongSupplier nanoClock) {
    this.directory = place.directory();
    this.spool = place.spool();
    this.nanoClock = nanoClock;
    this.random = random;
    this.free = new Semaphore(settings.atOnce());
    // All at once, each with as much as is ever sent at once.
    long slowestSec = 2L * settings.putLengthMax() * settings.atOnce() / settings.bytesPerSec();
    StoreClient store =
        new StoreClient(
            new Pace(settings.bytesPerSec(), nanoClock), Duration.ofSeconds(slowestSec + 1));
    this.tools =
        new UploadTools(
            place.keys(), place.desk(), place.signers(), store, settings, new UploadCounters());
    this.scanner = Thread.ofVirtual().name("upload-scan").unstarted(this::scanUntilClosed);
  }

  /** Begins to look through the spool. */
  public void start() {
    scanner.start();
  }

  /** Something has ended: the spool is looked through now. */
  public void wake() {
    wake.release();
  }

  /** Tracks in the spool that have not been brought to their store, growing ones too. */
  public int waitingCount() {
    return waiting.size();
  }

  /** Tracks that became available. */
  public long trackCount() {
    return tools.counters().tracks.sum();
  }

  /** Bytes sent to stores, repetitions included. */
  public long sentBytes() {
    return tools.store().sentBytes();
  }

  /** Parts sent. */
  public long partCount() {
    return tools.counters().parts.sum();
  }

  /** Parts that another process or attempt had sent, and that were not sent again. */
  public long knownPartCount() {
    return tools.counters().partsKnown.sum();
  }

  /** Attempts that failed; each is made again. */
  public long failureCount() {
    return tools.counters().failures.sum();
  }

  /** Times that a store had something else than was sent. */
  public long differentCount() {
    return tools.counters().different.sum();
  }

  /** Tracks that cannot be read, and were set aside. */
  public long damagedCount() {
    return tools.counters().damaged.sum();
  }

  /** Breaks off what is under way; another process goes on. */
  @Override
  public void close() {
    isClosed = true;
    wake.release();
    tools.store().close();
    threads.forEach(Thread::interrupt);
    try {
      if (scanner.getState() != Thread.State.NEW) {
        scanner.join(STOP_TIME_MAX);
      }
      for (Thread thread : threads) {
        thread.join(STOP_TIME_MAX);
      }
      for (Waiting track : waiting.values()) {
        track.upload.close();
      }
    } catch (IOException e) {
      LOG.warn("a file of the spool cannot be closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void scanUntilClosed() {
    while (!isClosed) {
      try {
        scan();
      } catch (IOException | RuntimeException e) {
        LOG.warn("the spool cannot be looked through: {}", e.toString());
      }
      try {
        if (wake.tryAcquire(tools.settings().scan().toMillis(), TimeUnit.MILLISECONDS)) {
          wake.drainPermits();
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void scan() throws IOException {
    Set<Path> there = new HashSet<>();
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> segments = Files.newDirectoryStream(directory, Files::isDirectory)) {
      for (Path segment : segments) {
        if (!segment.getFileName().toString().startsWith(".")) {
          folders.add(segment);
        }
      }
    }
    for (Path folder : folders) {
      there.addAll(list(folder, "*" + SpooledTrack.SUFFIX));
      forgetIfEmpty(folder);
    }
    // Only here: by a list that is older, an erased track would seem to be a new one.
    waiting
        .entrySet()
        .removeIf(entry -> !there.contains(entry.getKey()) && !entry.getValue().isInHand);
    Map<Boolean, List<Waiting>> due = new HashMap<>();
    for (Path sealed : there) {
      TrackFiles files = TrackFiles.of(sealed);
      if (files == null) {
        continue;
      }
      Waiting track = waiting.computeIfAbsent(sealed, _ -> waitingFor(files));
      // In this order: it may end in between.
      boolean isRecorded = spool.isRecording(files.spoolId());
      boolean hasEnded = Files.exists(files.manifest()) || !isRecorded;
      if (!track.isInHand
          && !track.isGone
          && track.dueNs - nanoClock.getAsLong() <= 0
          && (hasEnded || track.upload.hasPart())) {
        due.computeIfAbsent(hasEnded, _ -> new ArrayList<>()).add(track);
      }
    }
    // What has ended frees the spool, and somebody waits for it.
    due.getOrDefault(true, List.of()).forEach(track -> begin(track, true));
    due.getOrDefault(false, List.of()).forEach(track -> begin(track, false));
  }

  private Waiting waitingFor(TrackFiles files) {
    UploadSettings settings = tools.settings();
    return new Waiting(
        new TrackUpload(files, tools),
        new Backoff(settings.retryFirst().toNanos(), settings.retryLongest().toNanos(), random),
        nanoClock.getAsLong());
  }

  private void begin(Waiting track, boolean hasEnded) {
    if (isClosed || !free.tryAcquire()) {
      return;
    }
    track.isInHand = true;
    Thread thread =
        Thread.ofVirtual()
            .name("upload-" + track.upload.files().spoolId())
            .unstarted(() -> run(track, hasEnded));
    threads.add(thread);
    thread.start();
  }

  private void run(Waiting track, boolean hasEnded) {
    try {
      advance(track, hasEnded);
      track.backoff.reset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      fail(track, e);
    } finally {
      track.isInHand = false;
      free.release();
      threads.remove(Thread.currentThread());
      wake.release();
    }
  }

  private void advance(Waiting track, boolean hasEnded) throws IOException, InterruptedException {
    TrackUpload upload = track.upload;
    try {
      if (hasEnded) {
        boolean isAvailable = upload.finish();
        upload.close();
        erase(track, isAvailable);
      } else {
        upload.sendGrowing();
      }
    } catch (GeneralSecurityException e) {
      setAside(track, "no key opens it: " + e.getMessage());
    } catch (UploadStop stop) {
      switch (stop.kind()) {
        case DAMAGED -> setAside(track, String.valueOf(stop.getMessage()));
        case UNWANTED -> {
          // While it is recorded there is nothing to erase; it is asked again when it has ended.
          track.dueNs = nanoClock.getAsLong() + tools.settings().retryLongest().toNanos();
        }
        default -> throw stop;
      }
    }
  }

  private void erase(Waiting track, boolean isAvailable) throws IOException {
    TrackFiles files = track.upload.files();
    track.isGone = true;
    long length = files.erase();
    if (isAvailable) {
      tools.counters().tracks.increment();
      LOG.info("track {}/{} is available", files.spoolId(), files.name());
    } else {
      LOG.info("track {}/{} is not wanted any more", files.spoolId(), files.name());
    }
    spool.onErased(files.spoolId(), length);
  }

  /** A directory with nothing at all in it is one that is about to be recorded to. */
  private void forgetIfEmpty(Path folder) throws IOException {
    String segment = folder.getFileName().toString();
    if (!spool.isRecording(segment)
        && list(folder, "*" + SpooledTrack.SUFFIX + "*").isEmpty()
        && !list(folder, "*" + SpooledTrack.MANIFEST_SUFFIX).isEmpty()) {
      spool.onEmpty(segment);
    }
  }

  private static List<Path> list(Path folder, String names) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, names)) {
      found.forEach(files::add);
    } catch (NoSuchFileException e) {
      // Removed a moment ago.
    }
    return files;
  }

  private void setAside(Waiting track, String why) throws IOException, InterruptedException {
    TrackFiles files = track.upload.files();
    LOG.error("track {}/{} is set aside: {}", files.spoolId(), files.name(), why);
    track.upload.abandon(why.substring(0, Math.min(why.length(), 200)));
    track.isGone = true;
    tools.counters().damaged.increment();
  }

  private void fail(Waiting track, Exception failure) {
    tools.counters().failures.increment();
    long delayNs = track.backoff.nextDelayNs();
    track.dueNs = nanoClock.getAsLong() + delayNs;
    if (!isClosed) {
      TrackFiles files = track.upload.files();
      LOG.info(
          "track {}/{} is tried again in {} ms: {}",
          files.spoolId(),
          files.name(),
          TimeUnit.NANOSECONDS.toMillis(delayNs),
          cause(failure));
    }
  }

  private static @Nullable String cause(Exception failure) {
    return failure instanceof IOException ? failure.getMessage() : failure.toString();
  }
}
