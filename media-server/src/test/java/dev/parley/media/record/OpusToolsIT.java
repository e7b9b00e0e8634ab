package dev.parley.media.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.ogg.OpusTags;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusEncoder;
import dev.parley.media.opus.OpusEncoderSettings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording's file as the Opus project's own tools (Debian: opus-tools) see it. */
final class OpusToolsIT {
  private static final int TICK = 960;
  private static final int TICKS = 250;
  private static final int WAV_HEADER_LENGTH = 44;

  @TempDir Path directory;

  @Test
  void opusinfoFindsNothingWrongAndOpusdecPlaysWhatWasSaidWhenItWasSaid() throws Exception {
    Path file = directory.resolve("mix.opus");
    float[] said = new float[TICKS * TICK];
    Files.write(file, record(said));

    String information = run("opusinfo", file.toString());
    run("opusdec", "--quiet", "--rate", "48000", file.toString(), directory + "/mix.wav");

    assertThat(information)
        .contains("Playback length: 0m:05.000s")
        .doesNotContainIgnoringCase("warning")
        .doesNotContainIgnoringCase("error");
    short[] heard = samples(Files.readAllBytes(directory.resolve("mix.wav")));
    assertThat(heard).hasSize(TICKS * TICK);
    // A second with sound before the gap, and one after it.
    assertThat(correlation(said, heard, 48_000, 96_000)).isGreaterThan(0.95);
    assertThat(correlation(said, heard, 192_000, 236_000)).isGreaterThan(0.95);
  }

  /** A tone whose pitch moves, so that it fits itself in one place only; a second is missing. */
  private static byte[] record(float[] said) {
    TrackAssembler track =
        new TrackAssembler(
            5,
            new TrackNote.Began(0, "mix", 1, TrackAssembler.PRE_SKIP_SAMPLES),
            GapCause.NOT_MIXED,
            new OpusTags("Parley", List.of("TITLE=test")));
    byte[] packet = new byte[OpusEncoder.PACKET_LENGTH_MAX];
    try (OpusEncoder encoder =
        OpusCodec.best().newEncoder(OpusEncoderSettings.voice(1).withBitrateBps(32_000))) {
      double phase = 0;
      for (int i = 0; i < said.length; i++) {
        phase += 2 * Math.PI * (1000 + 300 * Math.sin(i / 20_000.0)) / 48_000;
        said[i] = (float) (0.3 * Math.sin(phase));
      }
      for (int tick = 0; tick < TICKS; tick++) {
        int length = encoder.encode(said, tick * TICK, packet, 0, packet.length);
        if (tick < 110 || tick >= 160) {
          track.add((long) tick * TICK, Arrays.copyOf(packet, length), -10, GapCause.NOT_MIXED);
        }
        track.advance((tick + 1L) * TICK);
      }
    }
    track.end((long) TICKS * TICK, 5000, TrackNote.EndCause.STOPPED);
    return track.take().pages();
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private static short[] samples(byte[] wav) {
    short[] samples = new short[(wav.length - WAV_HEADER_LENGTH) / 2];
    ByteBuffer.wrap(wav, WAV_HEADER_LENGTH, wav.length - WAV_HEADER_LENGTH)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asShortBuffer()
        .get(samples);
    return samples;
  }

  /** The best within 2 ms: filters for voices shift phases a little. */
  private static double correlation(float[] said, short[] heard, int from, int to) {
    double best = 0;
    for (int lag = -96; lag <= 96; lag++) {
      best = Math.max(best, correlationAt(lag, said, heard, from, to));
    }
    return best;
  }

  private static double correlationAt(int lag, float[] said, short[] heard, int from, int to) {
    double product = 0;
    double saidSquare = 0;
    double heardSquare = 0;
    for (int i = from; i < to; i++) {
      product += said[i] * (double) heard[i + lag];
      saidSquare += said[i] * (double) said[i];
      heardSquare += heard[i + lag] * (double) heard[i + lag];
    }
    return product / Math.sqrt(saidSquare * heardSquare);
  }
}
