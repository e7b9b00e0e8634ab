package dev.parley.media.upload;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadRequest;
import dev.parley.media.packet.RecordedMessage;
import dev.parley.media.packet.RecordedMessageWriter;
import dev.parley.media.record.KeyFile;
import dev.parley.media.record.Recorder;
import dev.parley.media.record.Segment;
import dev.parley.media.record.SpooledTrack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UploaderTest {
  private static final UploadRequest.Track TRACK = new UploadRequest.Track("rc_1", 1, "mix");
  private static final UploadSettings SETTINGS = UploadSettings.of(1 << 20, 1);

  @TempDir Path folder;

  private final AtomicLong nowSec = new AtomicLong(1_800_000_000);
  private final List<UploadRequest.Wish> asked = new ArrayList<>();
  private UploadAnswer.Outcome answer = new UploadAnswer.Located(place("ob_1"), place("ob_2"));

  @Test
  void oneThatWasNeverStartedCanBeClosed() throws Exception {
    Uploader uploader =
        new Uploader(
            new Uploader.Place(folder, keys(), new NoSpool(), this::ask, signers()),
            SETTINGS,
            new Random(1),
            System::nanoTime);

    assertThatCode(uploader::close).doesNotThrowAnyException();
  }

  @Test
  void whereATrackBelongsIsAskedAgainInAQuarterOfAnHourAndWhenTheStoreHasLostIt() throws Exception {
    try (StoreClient store =
        new StoreClient(new Pace(1 << 20, System::nanoTime), Duration.ofSeconds(1))) {
      TrackSigner signer =
          new TrackSigner(
              TRACK,
              new UploadTools(keys(), this::ask, signers(), store, SETTINGS, new UploadCounters()));
      signer.sign(new UploadRequest.Create());
      signer.sign(new UploadRequest.Complete("u1"));
      assertThat(asked).containsExactly(new UploadRequest.Locate());

      nowSec.addAndGet(901);
      signer.sign(new UploadRequest.Complete("u1"));
      assertThat(asked).hasSize(2);

      answer = new UploadAnswer.Unwanted();
      signer.forget();
      assertThatThrownBy(() -> signer.sign(new UploadRequest.Create()))
          .isInstanceOfSatisfying(
              UploadStop.class,
              stop -> assertThat(stop.kind()).isEqualTo(UploadStop.Kind.UNWANTED));
      assertThat(asked).hasSize(3);
    }
  }

  @Test
  void aTrackWithoutAManifestIsMadeWholeAndNotGivenUp() throws Exception {
    Path track = recordedTrack();
    Path manifest = track.resolveSibling("mix" + SpooledTrack.MANIFEST_SUFFIX);
    Files.delete(manifest);
    answer = new UploadAnswer.Later("busy");
    try (StoreClient store =
        new StoreClient(new Pace(1 << 20, System::nanoTime), Duration.ofSeconds(1))) {
      TrackUpload upload =
          new TrackUpload(
              requireNonNull(TrackFiles.of(track)),
              new UploadTools(keys(), this::ask, signers(), store, SETTINGS, new UploadCounters()));

      assertThatThrownBy(upload::finish)
          .isInstanceOfSatisfying(
              UploadStop.class, stop -> assertThat(stop.kind()).isEqualTo(UploadStop.Kind.LATER));
    }

    assertThat(manifest).exists();
    assertThat(asked).containsExactly(new UploadRequest.Locate());
  }

  /** A second of a mix, as the recorder leaves it in its spool. */
  private Path recordedTrack() throws Exception {
    Path spool = folder.resolve("spool");
    CountDownLatch ended = new CountDownLatch(1);
    try (Recorder recorder =
        new Recorder(
            spool, keys(), 1 << 20, () -> 0, ns -> ns / 1_000_000, (_, _) -> ended.countDown())) {
      recorder.open();
      recorder.recover();
      Segment segment = new Segment("room", 1, "rc_1", 1, true, 1);
      RecordedMessageWriter writer =
          new RecordedMessageWriter(((Recorder.Begun) recorder.begin(segment)).ring());
      writer.at(0, 0, 0).mark(RecordedMessage.BEGAN);
      UnsafeBuffer packet = new UnsafeBuffer(new byte[] {(byte) 0xF8, 1, 2, 3});
      for (int tick = 1; tick <= 50; tick++) {
        writer
            .at(tick * 20_000_000L, tick * 960, 0)
            .header(0, 0, -20, false)
            .packet(RecordedMessage.MIXED, packet, 0, 4);
      }
      writer.at(50 * 20_000_000L, 50 * 960, 0).mark(RecordedMessage.ENDED);
      recorder.hurry(segment.name());
      assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
      return spool.resolve(segment.name()).resolve("mix" + SpooledTrack.SUFFIX);
    }
  }

  private CompletableFuture<UploadAnswer.Outcome> ask(
      UploadRequest.Track track, UploadRequest.Wish wish) {
    assertThat(track).isEqualTo(TRACK);
    asked.add(wish);
    return CompletableFuture.completedFuture(answer);
  }

  private KeyFile keys() throws IOException {
    return KeyFile.at(folder.resolve("keys"), new SecureRandom());
  }

  private StoreSigners signers() throws IOException {
    Path file = folder.resolve("store-keys");
    Files.writeString(file, "eu-1 AKID:secret-of-it");
    return StoreSigners.read(file, nowSec::get);
  }

  private static UploadAnswer.Place place(String key) {
    return new UploadAnswer.Place("eu-1", "http://127.0.0.1:9000", "/b", "eu-central-1", key);
  }

  private static final class NoSpool implements Uploader.Spool {
    @Override
    public boolean isRecording(String segment) {
      return false;
    }

    @Override
    public void onErased(String segment, long lengthBytes) {}

    @Override
    public void onEmpty(String segment) {}
  }
}
