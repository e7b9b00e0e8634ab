package dev.parley.media.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.media.packet.RecordedMessage;
import dev.parley.media.packet.RecordedMessageWriter;
import dev.parley.media.record.Recorder.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recorder begins and refuses, and what it finds again. */
final class RecorderTest {
  private static final long SPOOL_LENGTH_MAX = 10_000;
  private static final long TICK_NS = 20_000_000L;

  private record Told(Segment segment, SegmentEnd end) {}

  @TempDir Path folder;
  private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
  private final AtomicBoolean isAway = new AtomicBoolean();
  private final Semaphore askedInVain = new Semaphore(0);
  private Recorder recorder;

  @BeforeEach
  void open() throws IOException {
    recorder = newRecorder();
  }

  @AfterEach
  void close() {
    recorder.close();
  }

  private Recorder newRecorder() throws IOException {
    return newRecorder(KeyFile.at(folder.resolve("keys"), new SecureRandom()));
  }

  private Recorder newRecorder(SpoolKeys keys) throws IOException {
    Recorder fresh =
        new Recorder(
            folder.resolve("spool"),
            keys,
            SPOOL_LENGTH_MAX,
            () -> 0,
            TimeUnit.NANOSECONDS::toMillis,
            (segment, end) -> told.add(new Told(segment, end)));
    fresh.open();
    return fresh;
  }

  /** Who keeps recordings' keys, unless he is away. */
  private byte[] keyOf(String recordingId) throws IOException {
    if (isAway.get()) {
      askedInVain.release();
      throw new IOException("away");
    }
    return new byte[32];
  }

  private Future<?> startRecovery() {
    FutureTask<Void> recovery =
        new FutureTask<>(() -> {
          recorder.recover();
          return null;
        });
    Thread.ofVirtual().start(recovery);
    return recovery;
  }

  private static Segment segment(int number) {
    return new Segment("room", 7, "rec", number, true, 1);
  }

  /** Records so many packets of so many bytes. */
  private Told record(Segment segment, int packets, int length) throws InterruptedException {
    return record(segment, ((Recorder.Begun) recorder.begin(segment)).ring(), packets, length);
  }

  private Told record(Segment segment, RingBuffer ring, int packets, int length)
      throws InterruptedException {
    RecordedMessageWriter writer = new RecordedMessageWriter(ring);
    writer.at(0, 0, 0).mark(RecordedMessage.BEGAN);
    byte[] packet = new byte[length];
    packet[0] = (byte) 0xF8;
    for (int tick = 1; tick <= packets; tick++) {
      writer
          .at(tick * TICK_NS, tick * 960, 0)
          .header(0, 0, -20, false)
          .packet(RecordedMessage.MIXED, new UnsafeBuffer(packet), 0, length);
    }
    writer.at(packets * TICK_NS, packets * 960, 0).mark(RecordedMessage.ENDED);
    recorder.hurry(segment.name());
    return told.poll(30, TimeUnit.SECONDS);
  }

  @Test
  void nothingIsBegunBeforeTheSpoolIsWhole() throws Exception {
    assertThat(recorder.begin(segment(1))).isEqualTo(new Recorder.Refused(Refusal.NOT_RECOVERED));

    recorder.recover();

    assertThat(record(segment(1), 50, 10))
        .isEqualTo(new Told(segment(1), new SegmentEnd(TrackNote.EndCause.STOPPED, 1, 0, 1_000)));
  }

  @Test
  void whatWaitsIsToldAgainByTheNextProcess() throws Exception {
    recorder.recover();
    Told first = record(segment(1), 50, 10);
    assertThat(recorder.begin(segment(1))).isEqualTo(new Recorder.Refused(Refusal.KNOWN));
    recorder.close();

    recorder = newRecorder();
    recorder.recover();

    assertThat(told.poll()).isEqualTo(first);
    assertThat(recorder.waitingCount()).isEqualTo(1);
    assertThat(recorder.spoolLength()).isPositive();
    assertThat(recorder.value(RecorderCounter.RECOVERED)).isZero();
  }

  @Test
  void whoKeepsTheKeysIsWaitedForAndNothingIsBegunWithoutHim() throws Exception {
    recorder.close();
    recorder = newRecorder(new RecordingKeys(this::keyOf, null, new SecureRandom()));
    recorder.recover();
    Told first = record(segment(1), 50, 10);
    recorder.close();
    isAway.set(true);

    recorder = newRecorder(new RecordingKeys(this::keyOf, null, new SecureRandom()));
    Future<?> recovery = startRecovery();
    askedInVain.acquire(2);
    assertThat(told).isEmpty();
    assertThat(recorder.begin(segment(2))).isEqualTo(new Recorder.Refused(Refusal.NOT_RECOVERED));
    isAway.set(false);
    recovery.get(30, TimeUnit.SECONDS);
    assertThat(told.poll()).isEqualTo(first);

    isAway.set(true);
    Segment another = new Segment("room", 7, "other", 1, true, 1);
    assertThat(recorder.begin(another)).isEqualTo(new Recorder.Refused(Refusal.NO_KEY));
    assertThat(folder.resolve("spool").resolve(another.name())).doesNotExist();
  }

  @Test
  void aKeyIsKeptAsLongAsAnySegmentOfItsRecordingIsHere() throws Exception {
    recorder.close();
    recorder = newRecorder(new RecordingKeys(this::keyOf, null, new SecureRandom()));
    recorder.recover();
    Told _ = record(segment(1), 50, 10);
    RingBuffer ring = ((Recorder.Begun) recorder.begin(segment(2))).ring();
    isAway.set(true);
    assertThat(recorder.begin(segment(1))).isEqualTo(new Recorder.Refused(Refusal.KNOWN));

    recorder.forget(segment(1).name());

    assertThat(record(segment(2), ring, 50, 10).end())
        .isEqualTo(new SegmentEnd(TrackNote.EndCause.STOPPED, 1, 0, 1_000));
    recorder.forget(segment(2).name());
    assertThat(recorder.begin(segment(3))).isEqualTo(new Recorder.Refused(Refusal.NO_KEY));
    assertThat(recorder.waitingCount()).isZero();
  }

  @Test
  void withAKeyFileNobodyIsAskedButForWhatWasSealedBefore() throws Exception {
    KeyFile file = KeyFile.at(folder.resolve("keys"), new SecureRandom());
    recorder.close();
    recorder = newRecorder(new RecordingKeys(this::keyOf, null, new SecureRandom()));
    recorder.recover();
    Told first = record(segment(1), 50, 10);
    recorder.close();
    isAway.set(true);

    recorder =
        newRecorder(
            new FileWrappedKeys(file, new RecordingKeys(this::keyOf, file, new SecureRandom())));
    Future<?> recovery = startRecovery();
    askedInVain.acquire();
    isAway.set(false);
    recovery.get(30, TimeUnit.SECONDS);
    assertThat(told.poll()).isEqualTo(first);
    assertThat(recorder.value(RecorderCounter.UNREADABLE)).isZero();

    isAway.set(true);
    assertThat(record(new Segment("room", 7, "other", 1, true, 1), 50, 10)).isNotNull();
    recorder.close();
    recorder = newRecorder(file);
    recorder.recover();
    assertThat(recorder.value(RecorderCounter.UNREADABLE)).isEqualTo(1);
    assertThat(told).hasSize(2);
  }

  @Test
  void aRecorderThatWaitsForKeysCanBeClosed() throws Exception {
    recorder.recover();
    Told _ = record(segment(1), 50, 10);
    recorder.close();
    isAway.set(true);

    recorder = newRecorder(new RecordingKeys(this::keyOf, null, new SecureRandom()));
    Future<?> recovery = startRecovery();
    askedInVain.acquire();
    recorder.close();

    assertThatThrownBy(() -> recovery.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void aFullSpoolEndsWhatIsRecordedAndBeginsNothing() throws Exception {
    recorder.recover();

    Told end = record(segment(1), 100, 200);

    assertThat(end.end().cause()).isEqualTo(TrackNote.EndCause.DISK_FULL);
    assertThat(recorder.begin(segment(2))).isEqualTo(new Recorder.Refused(Refusal.SPOOL_FULL));
    assertThat(recorder.value(RecorderCounter.FAILED)).isEqualTo(1);
    assertThat(recorder.value(RecorderCounter.REFUSED)).isEqualTo(1);
  }

  @Test
  void ofOneThatIsCancelledNothingIsLeft() throws Exception {
    recorder.recover();
    recorder.begin(segment(1));

    recorder.cancel(segment(1).name());

    assertThat(told.poll(30, TimeUnit.SECONDS))
        .isEqualTo(new Told(segment(1), new SegmentEnd(TrackNote.EndCause.STOPPED, 0, 0, 0)));
    assertThat(folder.resolve("spool").resolve("rec.1")).doesNotExist();
    assertThat(recorder.waitingCount()).isZero();
  }

  @Test
  void aDirectoryThatAnotherProcessHasIsRefused() {
    assertThatThrownBy(this::newRecorder)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in use by another media server");
  }

  @Test
  void whatWasMadeForASegmentAndGotNothingIsDeletedAtTheNextStart() throws Exception {
    Path bare = folder.resolve("spool").resolve("rec.9");
    Files.createDirectory(bare);

    recorder.recover();

    assertThat(bare).doesNotExist();
  }
}
