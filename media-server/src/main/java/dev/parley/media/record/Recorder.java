package dev.parley.media.record;

import dev.parley.media.packet.MediaRing;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import java.util.regex.Pattern;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * Writes running recordings to the spool, each on a virtual thread of its own, and makes whole what
 * an earlier process left unfinished. Thread-safe.
 *
 * <p>The spool's share of the disk is given out in a stated order: from {@link #BEGIN_PERCENT} of
 * it nothing new is begun, from {@link #TRACKS_PERCENT} recordings of tracks are ended, at all of
 * it every recording is. What was recorded stays, and calls go on.
 */
public final class Recorder implements AutoCloseable {
  /** Use of the spool from which on no recording is begun. */
  public static final int BEGIN_PERCENT = 90;

  /** Use of the spool from which on recordings of tracks are ended. */
  public static final int TRACKS_PERCENT = 95;

  /** Each recording is written so often: of what is killed no more than a second is missing. */
  private static final long STEP_MS = 400;

  /** Mono and stereo mixes of 40 s, or 2 s of forty talkers. */
  private static final int RING_LENGTH = 1 << 18;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}");

  /** What recordings are told of. */
  public interface Listener {
    /** All of a recording is written, and its manifests are. */
    void onEnded(String recordingId, TrackNote.EndCause cause);
  }

  /** Why a recording was not begun. */
  public enum Refusal {
    /** One of this name is here, or was. */
    KNOWN,
    /** The spool's share of the disk is nearly used up. */
    SPOOL_FULL,
    /** The disk or the keys fail. */
    SPOOL_FAILED,
    /** The recorder is closed. */
    CLOSED
  }

  /** What became of the wish to record. */
  public sealed interface Beginning {}

  /** The recording is written from now on, as far as its ring is. */
  public record Begun(RingBuffer ring) implements Beginning {}

  /** It is not. */
  public record Refused(Refusal why) implements Beginning {}

  /** A permit has the recording looked after at once; interrupting would close its files. */
  private record Running(Thread thread, Semaphore wake) {}

  private final Path spool;
  private final SpoolKeys keys;
  private final long spoolLengthMax;
  private final LongSupplier clockNs;
  private final LongUnaryOperator unixMs;
  private final Listener listener;
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final AtomicLong spoolLength = new AtomicLong();
  private volatile boolean isClosed;

  /**
   * A recorder over a spool.
   *
   * @param spool a directory of its own, made if it is missing
   * @param spoolLengthMax bytes it may take
   * @param clockNs the clock of the mix agents
   * @param unixMs the calendar's time of one of that clock's, in milliseconds since 1970
   */
  public Recorder(
      Path spool,
      SpoolKeys keys,
      long spoolLengthMax,
      LongSupplier clockNs,
      LongUnaryOperator unixMs,
      Listener listener) {
    this.spool = spool;
    this.keys = keys;
    this.spoolLengthMax = spoolLengthMax;
    this.clockNs = clockNs;
    this.unixMs = unixMs;
    this.listener = listener;
  }

  /**
   * Makes whole what is in the spool; before the first {@link #begin}.
   *
   * @return each recording's unreadable tracks: why they are
   * @throws IOException if the spool itself cannot be read
   */
  public Map<String, String> recover() throws IOException {
    Files.createDirectories(spool);
    Map<String, String> failures = new LinkedHashMap<>();
    try (DirectoryStream<Path> recordings = Files.newDirectoryStream(spool, Files::isDirectory)) {
      for (Path recording : recordings) {
        recover(recording, failures);
      }
    }
    return failures;
  }

  private void recover(Path recording, Map<String, String> failures) throws IOException {
    String recordingId = recording.getFileName().toString();
    long nowMs = unixMs.applyAsLong(clockNs.getAsLong());
    try (DirectoryStream<Path> tracks =
        Files.newDirectoryStream(recording, "*" + SpooledTrack.SUFFIX)) {
      for (Path track : tracks) {
        String name = nameOf(track);
        try {
          byte[] manifest = SpooledTrack.recover(track, keys, context(recordingId, name), nowMs);
          if (manifest == null) {
            Files.delete(track);
            continue;
          }
        } catch (IOException | GeneralSecurityException e) {
          failures.put(recordingId + '/' + name, String.valueOf(e.getMessage()));
        }
        spoolLength.addAndGet(Files.size(track));
      }
    }
  }

  private static String nameOf(Path track) {
    String file = String.valueOf(track.getFileName());
    return file.substring(0, file.length() - SpooledTrack.SUFFIX.length());
  }

  /** What a track is called where it is sealed. */
  public static String context(String recordingId, String track) {
    return recordingId + '/' + track;
  }

  /**
   * Gets ready to record; what is recorded comes by the ring.
   *
   * @param recordingId letters, digits, points, dashes and underscores
   * @param isMix whether the mix is recorded, or tracks are
   * @param channels of the mix
   */
  public Beginning begin(String recordingId, boolean isMix, int channels) {
    if (!NAME.matcher(recordingId).matches()) {
      throw new IllegalArgumentException("no name for a directory: " + recordingId);
    }
    if (isClosed) {
      return new Refused(Refusal.CLOSED);
    }
    if (percentUsed() >= BEGIN_PERCENT) {
      return new Refused(Refusal.SPOOL_FULL);
    }
    Path directory = spool.resolve(recordingId);
    try {
      Files.createDirectories(spool);
      if (Files.exists(directory)) {
        return new Refused(Refusal.KNOWN);
      }
      Files.createDirectory(directory);
      DurableFiles.syncDirectory(spool);
    } catch (IOException _) {
      return new Refused(Refusal.SPOOL_FAILED);
    }
    RingBuffer ring = MediaRing.ofCapacity(RING_LENGTH);
    RecordingSession session = new RecordingSession(recordingId, ring, isMix, channels, unixMs);
    RecordingFiles files =
        new RecordingFiles(recordingId, directory, keys, bytes -> mayWrite(isMix, bytes));
    Semaphore wake = new Semaphore(0);
    Thread thread =
        Thread.ofVirtual()
            .name("recording-" + recordingId)
            .unstarted(() -> run(recordingId, session, files, wake));
    running.put(recordingId, new Running(thread, wake));
    thread.start();
    return new Begun(ring);
  }

  private boolean mayWrite(boolean isMix, int bytes) {
    spoolLength.addAndGet(bytes);
    return percentUsed() < (isMix ? 100 : TRACKS_PERCENT);
  }

  private void run(
      String recordingId, RecordingSession session, RecordingFiles files, Semaphore wake) {
    TrackNote.EndCause cause = TrackNote.EndCause.STOPPED;
    try (files) {
      while (session.state() != RecordingSession.State.ENDED) {
        boolean mustEnd = isClosed;
        if (!mustEnd) {
          pause(wake);
        }
        session.poll(clockNs.getAsLong(), files);
        TrackNote.EndCause failure = files.failure();
        if (failure != null) {
          cause = failure;
          session.end(clockNs.getAsLong(), cause);
        } else if (mustEnd) {
          session.end(clockNs.getAsLong(), cause);
        }
      }
      session.poll(clockNs.getAsLong(), files);
    } finally {
      running.remove(recordingId);
      listener.onEnded(recordingId, cause);
    }
  }

  private static void pause(Semaphore wake) {
    try {
      if (wake.tryAcquire(STEP_MS, TimeUnit.MILLISECONDS)) {
        wake.drainPermits();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a recording", e);
    }
  }

  /** Has a recording looked after at once, for its end is in its ring. */
  public void hurry(String recordingId) {
    Running recording = running.get(recordingId);
    if (recording != null) {
      recording.wake().release();
    }
  }

  /** Recordings that run. */
  public int runningCount() {
    return running.size();
  }

  /** Bytes in the spool. */
  public long spoolLength() {
    return spoolLength.get();
  }

  /** How much of its share of the disk the spool takes, in percent. */
  public int percentUsed() {
    return (int) Math.min(1000, 100 * spoolLength.get() / spoolLengthMax);
  }

  /** Ends all recordings, and waits until they are written. */
  @Override
  public void close() {
    isClosed = true;
    try {
      for (Running recording : running.values()) {
        recording.wake().release();
        recording.thread().join();
      }
    } catch (InterruptedException _) {
      // The rest is made whole at the next start.
      Thread.currentThread().interrupt();
    }
  }
}
