package dev.parley.media.record;

import dev.parley.media.packet.MediaRing;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

  /** Each recording is written so often: of what is killed no more than a second is missing. */
  private static final long STEP_MS = 500;

  private static final long KEY_RETRY_MS = 2_000;

  /** Mono and stereo mixes of 40 s, or 2 s of forty talkers. */
  private static final int RING_LENGTH = 1 << 18;

  private static final int PERCENT_MAX = 1000;
  private static final String LOCK = ".lock";
  private static final String REHEARSAL = ".rehearsal";

  /** What recordings are told of. */
  public interface Listener {
    /** All of a segment is written, and its manifests are. */
    void onEnded(Segment segment, SegmentEnd end);
  }

  /** Why a segment was not begun. */
  public enum Refusal {
    /** One of this name is here, or was. */
    KNOWN,
    /** The spool's share of the disk is nearly used up. */
    SPOOL_FULL,
    /** The disk or the keys fail. */
    SPOOL_FAILED,
    /** Who keeps the recording's key does not give it now. */
    NO_KEY,
    /** What earlier processes left is not whole yet. */
    NOT_RECOVERED,
    /** The recorder is closed. */
    CLOSED
  }

  /** What became of the wish to record. */
  public sealed interface Beginning {}

  /** The segment is written from now on, as far as its ring is. */
  public record Begun(RingBuffer ring) implements Beginning {}

  /** It is not. */
  public record Refused(Refusal why) implements Beginning {}

  /** A segment that is written. A permit has it looked after at once. */
  private static final class Running {
    final Segment segment;
    final RecordingSession session;
    final RecordingFiles files;
    final Semaphore wake = new Semaphore(0);
    volatile boolean isCancelled;
    // Interrupting it would close its files.
    volatile @Nullable Thread thread;

    Running(Segment segment, RecordingSession session, RecordingFiles files) {
      this.segment = segment;
      this.session = session;
      this.files = files;
    }
  }

  private final Path spool;
  private final SpoolKeys keys;
  private final long spoolLengthMax;
  private final LongSupplier clockNs;
  private final LongUnaryOperator unixMs;
  private final Listener listener;
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final HeldKeys held;
  private final AtomicLong spoolLength = new AtomicLong();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLongArray counts = new AtomicLongArray(RecorderCounter.values().length);
  private volatile @Nullable FileChannel lock;
  private volatile boolean isRecovered;
  private volatile boolean isClosed;

  /** Has a permit when it is closed. */
  private final Semaphore closing = new Semaphore(0);

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
    held = new HeldKeys(keys);
    this.spoolLengthMax = spoolLengthMax;
    this.clockNs = clockNs;
    this.unixMs = unixMs;
    this.listener = listener;
  }

  /**
   * Takes the spool for this process, which must be the only one that has it.
   *
   * @throws IOException if it cannot be made or is another's; its message says what to do
   */
  public void open() throws IOException {
    Files.createDirectories(spool);
    FileChannel channel =
        FileChannel.open(spool.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean isOurs;
    try {
      isOurs = channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      isOurs = false;
    }
    if (!isOurs) {
      channel.close();
      throw new IOException(spool + " is in use by another media server; give each its own");
    }
    lock = channel;
  }

  /**
   * Makes whole what is in the spool, and tells the listener of each segment; nothing is begun
   * before. Loads what the first recording would else wait for.
   *
   * @throws IOException if the spool itself cannot be read
   */
  public void recover() throws IOException {
    rehearse();
    try (DirectoryStream<Path> segments = Files.newDirectoryStream(spool, Files::isDirectory)) {
      for (Path segment : segments) {
        if (!String.valueOf(segment.getFileName()).startsWith(".")) {
          recover(segment);
        }
      }
    }
    isRecovered = true;
  }

  private void recover(Path directory) throws IOException {
    Segment segment;
    try {
      segment = SegmentFile.read(directory);
    } catch (IOException e) {
      if (!deleteIfBare(directory)) {
        LOG.error("{} is left as it is: {}", directory, e.getMessage());
      }
      return;
    }
    boolean _ = held.hold(segment.recordingId(), segment.name());
    boolean isTold = false;
    while (!makeWhole(segment, isTold)) {
      isTold = true;
      if (isClosed || isClosedWithin(KEY_RETRY_MS)) {
        throw new IOException("closed before the key of " + segment.name() + " came");
      }
    }
  }

  /** Makes a segment whole; false if its key is not to be had now, which is told unless it was. */
  private boolean makeWhole(Segment segment, boolean wasTold) throws IOException {
    SpoolRecovery recovery = new SpoolRecovery(keys, unixMs.applyAsLong(clockNs.getAsLong()));
    SegmentEnd end;
    try {
      keys.prepare(segment.recordingId());
      end = recovery.recover(spool.resolve(segment.name()));
    } catch (SpoolKeys.UnavailableException e) {
      if (!wasTold) {
        LOG.info("recording {} waits for its key: {}", segment.name(), e.getMessage());
      }
      return false;
    }
    counts.addAndGet(index(RecorderCounter.UNREADABLE), recovery.unreadable());
    spoolLength.addAndGet(recovery.length());
    if (end.cause() == TrackNote.EndCause.RECOVERED) {
      count(RecorderCounter.RECOVERED);
    }
    onWritten(segment, end, recovery.unreadable() == 0);
    return true;
  }

  private boolean isClosedWithin(long ms) {
    try {
      return closing.tryAcquire(ms, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Deletes what was made for a segment and got no track. */
  private static boolean deleteIfBare(Path directory) throws IOException {
    try (DirectoryStream<Path> tracks =
        Files.newDirectoryStream(directory, "*" + SpooledTrack.SUFFIX)) {
      if (tracks.iterator().hasNext()) {
        return false;
      }
    }
    delete(directory);
    return true;
  }

  /** A segment of which there is nothing does not wait for anything. */
  private void onWritten(Segment segment, SegmentEnd end, boolean isReadable) {
    if (end.tracks() > 0 || !isReadable) {
      waiting.incrementAndGet();
    } else {
      held.letGo(segment.recordingId(), segment.name());
      try {
        delete(spool.resolve(segment.name()));
      } catch (IOException e) {
        LOG.warn("recording {}: its empty directory cannot be deleted", segment.name(), e);
      }
    }
    listener.onEnded(segment, end);
  }

  /** Seals a track once: ciphers and what writes manifests take a second to load. */
  private void rehearse() throws IOException {
    Path directory = spool.resolve(REHEARSAL);
    delete(directory);
    Files.createDirectories(directory);
    TrackNote.Began began =
        new TrackNote.Began(0, RecordingSession.MIX, 1, TrackAssembler.PRE_SKIP_SAMPLES);
    TrackAssembler track = RecordingSession.assembler(0, began, GapCause.NOT_MIXED);
    track.end(0, 0, TrackNote.EndCause.STOPPED);
    try (RecordingFiles files = new RecordingFiles(REHEARSAL, directory, keys, _ -> true)) {
      files.accept(RecordingSession.MIX, track.take());
      if (files.failure() != null) {
        throw new IOException("nothing can be sealed in " + spool);
      }
    }
    delete(directory);
  }

  /** A track's sealed file, of that length, was brought to its store and erased. */
  public void onErased(long lengthBytes) {
    spoolLength.addAndGet(-lengthBytes);
  }

  /** Nothing is left of a segment but what says what it was: forgets it. */
  public void forget(String segment) {
    try {
      delete(spool.resolve(segment));
      waiting.decrementAndGet();
      held.letGo(segment.substring(0, Math.max(0, segment.lastIndexOf('.'))), segment);
    } catch (IOException e) {
      LOG.warn("recording {}: its empty directory cannot be deleted", segment, e);
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  /** What a track is called where it is sealed. */
  public static String context(String segment, String track) {
    return segment + '/' + track;
  }

  /** Gets ready to record; what is recorded comes by the ring. */
  public Beginning begin(Segment segment) {
    Refusal refusal = refusal();
    boolean isHeldAnew = refusal == null && held.hold(segment.recordingId(), segment.name());
    if (refusal == null) {
      refusal = prepare(segment);
    }
    if (refusal == null) {
      refusal = makeDirectory(segment);
    }
    if (refusal != null) {
      if (isHeldAnew) {
        held.letGo(segment.recordingId(), segment.name());
      }
      count(RecorderCounter.REFUSED);
      return new Refused(refusal);
    }
    RingBuffer ring = MediaRing.ofCapacity(RING_LENGTH);
    RecordingSession session =
        new RecordingSession(segment.name(), ring, segment.isMix(), segment.channels(), unixMs);
    RecordingFiles files =
        new RecordingFiles(
            segment.name(),
            spool.resolve(segment.name()),
            keys,
            bytes -> mayWrite(segment.isMix(), bytes));
    Running recording = new Running(segment, session, files);
    Thread thread =
        Thread.ofVirtual().name("recording-" + segment.name()).unstarted(() -> run(recording));
    recording.thread = thread;
    running.put(segment.name(), recording);
    count(RecorderCounter.BEGUN);
    thread.start();
    return new Begun(ring);
  }

  private @Nullable Refusal refusal() {
    if (isClosed) {
      return Refusal.CLOSED;
    }
    if (!isRecovered) {
      return Refusal.NOT_RECOVERED;
    }
    return percentUsed() >= BEGIN_PERCENT ? Refusal.SPOOL_FULL : null;
  }

  private @Nullable Refusal prepare(Segment segment) {
    try {
      keys.prepare(segment.recordingId());
      return null;
    } catch (SpoolKeys.UnavailableException e) {
      LOG.warn("recording {} cannot be begun: {}", segment.name(), e.getMessage());
      return Refusal.NO_KEY;
    }
  }

  private @Nullable Refusal makeDirectory(Segment segment) {
    Path directory = spool.resolve(segment.name());
    try {
      if (Files.exists(directory)) {
        return Refusal.KNOWN;
      }
      Files.createDirectory(directory);
      SegmentFile.write(directory, segment);
      DurableFiles.syncDirectory(spool);
      return null;
    } catch (IOException e) {
      LOG.error("recording {} cannot be begun", segment.name(), e);
      return Refusal.SPOOL_FAILED;
    }
  }

  private boolean mayWrite(boolean isMix, int bytes) {
    spoolLength.addAndGet(bytes);
    return percentUsed() < (isMix ? 100 : TRACKS_PERCENT);
  }

  private void run(Running recording) {
    RecordingSession session = recording.session;
    RecordingFiles files = recording.files;
    TrackNote.EndCause cause = TrackNote.EndCause.STOPPED;
    try (files) {
      while (session.state() != RecordingSession.State.ENDED) {
        boolean mustEnd = isClosed || recording.isCancelled;
        if (!mustEnd) {
          pause(recording.wake);
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
      onRun(recording, cause);
    }
  }

  private void onRun(Running recording, TrackNote.EndCause cause) {
    count(cause == TrackNote.EndCause.STOPPED ? RecorderCounter.ENDED : RecorderCounter.FAILED);
    onWritten(recording.segment, recording.session.summary(cause), true);
    // Last, so that whoever waits for it to be gone finds all that was told.
    running.remove(recording.segment.name());
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

  /** Has a segment looked after at once, for its end is in its ring. */
  public void hurry(String segment) {
    Running recording = running.get(segment);
    if (recording != null) {
      recording.wake.release();
    }
  }

  /** Ends a segment whose conference will not write to its ring. */
  public void cancel(String segment) {
    Running recording = running.get(segment);
    if (recording != null) {
      recording.isCancelled = true;
      recording.wake.release();
    }
  }

  /** Whether a segment is written now. */
  public boolean isRunning(String segment) {
    return running.containsKey(segment);
  }

  /** Whether anything of a segment is in the spool. */
  public boolean isKnown(String segment) {
    return Files.exists(spool.resolve(segment));
  }

  /** Segments being recorded. */
  public int runningCount() {
    return running.size();
  }

  /** Segments that have ended and are still in the spool. */
  public int waitingCount() {
    return waiting.get();
  }

  /** Whether all is whole that earlier processes left. */
  public boolean isRecovered() {
    return isRecovered;
  }

  /** Bytes in the spool. */
  public long spoolLength() {
    return spoolLength.get();
  }

  /** How much of its share of the disk the spool takes, in percent, up to 1000. */
  public int percentUsed() {
    return (int) Math.min(PERCENT_MAX, 100 * spoolLength.get() / spoolLengthMax);
  }

  private void count(RecorderCounter counter) {
    counts.incrementAndGet(index(counter));
  }

  @SuppressWarnings("EnumOrdinal") // The place in memory of this run only.
  private static int index(RecorderCounter counter) {
    return counter.ordinal();
  }

  /** How often something has happened. */
  public long value(RecorderCounter counter) {
    return counts.get(index(counter));
  }

  /** Begins nothing more, and waits for nobody's keys any more. */
  public void cease() {
    isClosed = true;
    closing.release();
  }

  /** Ends all recordings, waits until they are written, and leaves the spool to others. */
  @Override
  public void close() {
    cease();
    try {
      for (Running recording : List.copyOf(running.values())) {
        recording.wake.release();
        Thread thread = recording.thread;
        if (thread != null) {
          thread.join();
        }
      }
      FileChannel locked = lock;
      if (locked != null) {
        locked.close();
      }
    } catch (InterruptedException _) {
      // The rest is made whole at the next start.
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("the spool's lock cannot be closed", e);
    }
  }
}
