package dev.parley.media.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.ogg.OggOpusReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real process that records, killed at a moment chosen by a seed. */
final class KilledRecorderIT {
  private static final int TICK_SAMPLES = 960;
  private static final int SECOND_SAMPLES = 48_000;

  @TempDir Path spool;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatIsKilledLosesASecondAtMostAndItsFileIsPlayable(long seed) throws Exception {
    int ticks = 60 + new Random(seed).nextInt(100);
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    RecordingProcess.class.getName(),
                    spool.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int said = 0;
    try (InputStream dots = process.getInputStream()) {
      while (said < ticks && dots.read() == '.') {
        said++;
      }
      // By its handle: the process itself would close the pipe before all is read.
      process.toHandle().destroyForcibly();
      while (dots.read() == '.') {
        said++;
      }
    }
    process.waitFor();
    SpoolKeys keys = KeyFile.at(spool.resolve("key"), new SecureRandom());
    Map<Segment, SegmentEnd> ends = new HashMap<>();
    Recorder recorder = new Recorder(spool, keys, 1 << 24, () -> 0, _ -> 1_000, ends::put);

    recorder.recover();

    assertThat(recorder.value(RecorderCounter.UNREADABLE)).isZero();
    assertThat(ends).containsOnlyKeys(new Segment("room", 4, "rec", 1, true, 1));
    SegmentEnd end = ends.values().iterator().next();
    assertThat(end.cause()).isEqualTo(TrackNote.EndCause.RECOVERED);
    assertThat(end.tracks()).isEqualTo(1);
    assertThat(recorder.waitingCount()).isEqualTo(1);

    ByteArrayOutputStream file = new ByteArrayOutputStream();
    Path track = spool.resolve("rec.1").resolve(RecordingSession.MIX + SpooledTrack.SUFFIX);
    assertThat(SpooledTrack.unseal(track, keys, Recorder.context("rec.1", "mix"), file)).isTrue();
    OggOpusReader reader = new OggOpusReader();
    reader.read(file.toByteArray(), 0, file.size(), (_, _, _) -> {});
    assertThat(said).isGreaterThanOrEqualTo(ticks);
    assertThat(reader.hasEnd()).isTrue();
    assertThat(reader.bytesSkipped()).isZero();
    assertThat(reader.playedSamples())
        .isBetween((long) said * TICK_SAMPLES - SECOND_SAMPLES, (long) said * TICK_SAMPLES);
    assertThat(end.durationMs()).isEqualTo(reader.playedSamples() / 48);
    assertThat(new String(requireNonNull(SpooledTrack.manifest(track, keys, "rec.1/mix")), UTF_8))
        .contains("\"ended\":\"recovered\"");
  }
}
