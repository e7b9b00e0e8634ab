package dev.parley.media;

import dev.parley.common.admin.ReadinessCheck;
import dev.parley.common.control.ServerLoad;
import dev.parley.common.control.StateEvent;
import dev.parley.common.control.UploadAnswer;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.RecordingId;
import dev.parley.media.conference.ConferenceAgentProxy;
import dev.parley.media.record.FileWrappedKeys;
import dev.parley.media.record.KeyFile;
import dev.parley.media.record.Recorder;
import dev.parley.media.record.RecordingKeys;
import dev.parley.media.record.Segment;
import dev.parley.media.record.SegmentEnd;
import dev.parley.media.record.SpoolKeys;
import dev.parley.media.record.TrackNote;
import dev.parley.media.upload.SessionKeeper;
import dev.parley.media.upload.StoreSigners;
import dev.parley.media.upload.UploadDesk;
import dev.parley.media.upload.UploadSettings;
import dev.parley.media.upload.Uploader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recorder of one media server with all that belongs to it: built, started and ended with the
 * server. What earlier processes left is made whole on a thread of its own; calls do not wait for
 * it, only recordings do.
 */
final class Recordings implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recordings.class);

  private final RecordingSettings settings;
  private final Recorder recorder;
  private final Uploader uploader;
  private volatile Consumer<StateEvent> report = _ -> {};
  private volatile UploadDesk desk =
      (_, _) -> CompletableFuture.completedFuture(new UploadAnswer.Later("no link yet"));
  private volatile @Nullable String failure;
  private volatile boolean isClosing;
  private @Nullable Thread recovery;

  /**
   * Takes the spool.
   *
   * @throws IOException if spool or keys cannot be used; its message says what to do
   */
  Recordings(MediaServerContext context, RecordingSettings settings) throws IOException {
    this.settings = settings;
    SpoolKeys keys = keys(context.random());
    recorder =
        new Recorder(
            settings.directory(),
            keys,
            settings.diskBytes(),
            context::nanoTime,
            ns -> TimeUnit.NANOSECONDS.toMillis(context.unixTimeNs() + ns - context.nanoTime()),
            this::onEnded);
    try {
      recorder.open();
    } catch (IOException e) {
      throw new IOException("recordings-directory: " + e.getMessage(), e);
    }
    uploader =
        new Uploader(
            new Uploader.Place(
                settings.directory(),
                keys,
                new Spool(recorder),
                (track, wish) -> desk.ask(track, wish),
                signers(context, settings.storeKeysFile())),
            UploadSettings.of(settings.uploadBytesPerSec(), settings.uploadsAtOnce()),
            context.random(),
            context::nanoTime);
  }

  private SpoolKeys keys(SecureRandom random) throws IOException {
    Path file = settings.keyFile();
    try {
      SessionKeeper keeper = new SessionKeeper((track, wish) -> desk.ask(track, wish));
      if (settings.hasSessionKeys()) {
        KeyFile older = Files.exists(file) ? KeyFile.at(file, random) : null;
        return new RecordingKeys(keeper, older, random);
      }
      KeyFile keys = KeyFile.at(file, random);
      return new FileWrappedKeys(keys, new RecordingKeys(keeper, keys, random));
    } catch (IOException e) {
      throw new IOException("recordings-key-file: " + e.getMessage(), e);
    }
  }

  private static StoreSigners signers(MediaServerContext context, @Nullable Path file)
      throws IOException {
    // As stores' clocks go, which may have been set since this process began.
    LongSupplier epochSec = () -> context.wallClock().getEpochSecond();
    if (file == null) {
      return new StoreSigners(Map.of(), epochSec);
    }
    try {
      return StoreSigners.read(file, epochSec);
    } catch (IOException e) {
      throw new IOException("recordings-store-keys: " + e.getMessage(), e);
    }
  }

  /** What is brought to a store need not be here any more. */
  private record Spool(Recorder recorder) implements Uploader.Spool {
    @Override
    public boolean isRecording(String segment) {
      return recorder.isRunning(segment);
    }

    @Override
    public void onErased(String segment, long lengthBytes) {
      recorder.onErased(lengthBytes);
    }

    @Override
    public void onEmpty(String segment) {
      recorder.forget(segment);
    }
  }

  /** Who carries out orders. */
  RecordingOrders orders(
      ConferenceDirectory directory, List<ConferenceAgentProxy> agents, Headroom headroom) {
    return new RecordingExecutor(recorder, directory, agents, headroom);
  }

  /**
   * Begins to make whole what is in the spool, to tell what has ended, and to bring it to its
   * store.
   */
  void start(Consumer<StateEvent> reporter, UploadDesk uploads) {
    report = reporter;
    desk = uploads;
    recovery = Thread.ofVirtual().name("spool-recovery").start(this::recover);
  }

  private void recover() {
    try {
      recorder.recover();
      LOG.info(
          "recordings go to {}: {} % of {} MiB used, {} segments wait there",
          settings.directory(),
          recorder.percentUsed(),
          settings.diskBytes() >> 20,
          recorder.waitingCount());
      // Not before: what is not whole yet would seem to be broken.
      uploader.start();
    } catch (IOException | RuntimeException e) {
      failure = String.valueOf(e.getMessage());
      if (isClosing) {
        return;
      }
      LOG.error("recordings-directory cannot be used, so nothing is recorded", e);
    }
  }

  private void onEnded(Segment segment, SegmentEnd end) {
    report.accept(
        new StateEvent.RecordingEnded(
            new ConferenceId(segment.conferenceId()),
            segment.epoch(),
            new RecordingId(segment.recordingId()),
            segment.number(),
            causeOf(end.cause()),
            end.tracks(),
            end.startedAtMs(),
            end.durationMs()));
    uploader.wake();
  }

  private static StateEvent.RecordingEndCause causeOf(TrackNote.EndCause cause) {
    return switch (cause) {
      case STOPPED -> StateEvent.RecordingEndCause.STOPPED;
      case RECOVERED -> StateEvent.RecordingEndCause.RECOVERED;
      case DISK_FULL -> StateEvent.RecordingEndCause.DISK_FULL;
      case DISK_FAILED -> StateEvent.RecordingEndCause.DISK_FAILED;
    };
  }

  /** What there is of it, for heartbeats. */
  ServerLoad.SpoolLoad load() {
    return new ServerLoad.SpoolLoad(
        recorder.runningCount(), recorder.waitingCount(), recorder.percentUsed());
  }

  /** Ready when it can record, or never will. */
  ReadinessCheck readiness() {
    return new ReadinessCheck(
        "recordings",
        () ->
            recorder.isRecovered() || failure != null
                ? null
                : "what earlier processes recorded is being made whole");
  }

  Recorder recorder() {
    return recorder;
  }

  Uploader uploader() {
    return uploader;
  }

  /** Ends what is recorded and tells of it; the conferences have ended before. */
  @Override
  public void close() {
    isClosing = true;
    recorder.cease();
    try {
      if (recovery != null) {
        recovery.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    // Another process goes on with what is not at its store yet.
    uploader.close();
    recorder.close();
  }
}
