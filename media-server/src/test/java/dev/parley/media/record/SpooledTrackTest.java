package dev.parley.media.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.media.ogg.OggOpusReader;
import dev.parley.media.ogg.OpusTags;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpooledTrackTest {
  private static final int TICK = 960;
  private static final String CONTEXT = "rec_1/mix";

  @TempDir Path directory;
  private SpoolKeys keys;
  private Path file;
  private final TrackAssembler assembler =
      new TrackAssembler(
          77,
          new TrackNote.Began(1_000_000, "mix", 1, TrackAssembler.PRE_SKIP_SAMPLES),
          GapCause.NOT_MIXED,
          new OpusTags("test", List.of()));

  @BeforeEach
  void setUp() throws IOException {
    keys = KeyFile.at(directory.resolve("spool-key"), new SecureRandom());
    file = directory.resolve("mix" + SpooledTrack.SUFFIX);
  }

  private static byte[] packet(int number) {
    return new byte[] {(byte) 0xF8, (byte) number, (byte) (number >> 8)};
  }

  private void tick(long tick) {
    assembler.add(tick * TICK, packet((int) tick), -30, GapCause.NOT_MIXED);
    assembler.advance((tick + 1) * TICK);
  }

  private byte[] unsealed(boolean isComplete) throws Exception {
    ByteArrayOutputStream ogg = new ByteArrayOutputStream();
    assertThat(SpooledTrack.unseal(file, keys, CONTEXT, ogg)).isEqualTo(isComplete);
    return ogg.toByteArray();
  }

  private static OggOpusReader read(byte[] ogg) {
    OggOpusReader reader = new OggOpusReader();
    reader.read(ogg, 0, ogg.length, (_, _, _) -> {});
    return reader;
  }

  private JsonNode manifest() throws Exception {
    return new ObjectMapper().readTree(SpooledTrack.manifest(file, keys, CONTEXT));
  }

  @Test
  void aTrackIsAsLongAsItsTimeAndItsManifestIsTrue() throws Exception {
    try (SpooledTrack track = SpooledTrack.create(directory, "mix", keys, CONTEXT)) {
      for (int i = 0; i < 500; i++) {
        if (i < 100 || i >= 110) {
          tick(i);
        }
        if (i % 20 == 0 && assembler.hasMore()) {
          track.append(assembler.take());
        }
      }
      assembler.end(500 * TICK, 1_010_000, TrackNote.EndCause.STOPPED);
      track.append(assembler.take());
    }

    byte[] ogg = unsealed(true);
    OggOpusReader reader = read(ogg);
    JsonNode manifest = manifest();
    assertThat(reader.playedSamples()).isEqualTo(500 * TICK);
    assertThat(reader.hasEnd()).isTrue();
    assertThat(reader.bytesSkipped()).isZero();
    assertThat(manifest.get("samples").asLong()).isEqualTo(500 * TICK);
    assertThat(manifest.get("sha256").asText())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(ogg)));
    assertThat(manifest.get("length").asLong()).isEqualTo(ogg.length);
    assertThat(manifest.get("gaps")).hasSize(1);
    assertThat(manifest.get("gaps").get(0).get("atMs").asLong()).isEqualTo(2000);
    assertThat(manifest.get("gaps").get(0).get("durationMs").asDouble()).isEqualTo(200);
    assertThat(manifest.get("gaps").get(0).get("cause").asText()).isEqualTo("not-mixed");
    byte[] levels = manifest.get("levels").get("dbBelowFullScale").binaryValue();
    assertThat(levels).hasSize(100);
    assertThat(levels[10]).isEqualTo((byte) 30);
    assertThat(levels[21]).isEqualTo((byte) 127);
  }

  @Test
  void pausesAreLeftOutAndTold() throws Exception {
    try (SpooledTrack track = SpooledTrack.create(directory, "mix", keys, CONTEXT)) {
      for (int i = 0; i < 50; i++) {
        tick(i);
      }
      assembler.pause(50 * TICK, 1_001_000);
      assembler.resume(1_003_000);
      for (int i = 50; i < 100; i++) {
        tick(i);
      }
      assembler.end(100 * TICK, 1_004_000, TrackNote.EndCause.STOPPED);
      track.append(assembler.take());
    }

    assertThat(read(unsealed(true)).playedSamples()).isEqualTo(100 * TICK);
    JsonNode pause = manifest().get("pauses").get(0);
    assertThat(pause.get("atMs").asLong()).isEqualTo(1000);
    assertThat(pause.get("resumedAt").asText()).isEqualTo("1970-01-01T00:16:43Z");
    assertThat(manifest().get("gaps")).isEmpty();
  }

  @Test
  void packetsOutOfOrderFindTheirPlacesAndLateOnesDoNot() throws Exception {
    assembler.add(2 * TICK, packet(2), -30, GapCause.LOST);
    assembler.add(0, packet(0), -30, GapCause.LOST);
    assembler.add(TICK, packet(1), -30, GapCause.LOST);
    assembler.add(TICK, packet(99), -30, GapCause.LOST);
    assembler.advance(80 * TICK);
    assembler.add(5 * TICK, packet(5), -30, GapCause.LOST);
    assembler.end(80 * TICK, 1_000_800, TrackNote.EndCause.STOPPED);
    int[] next = {0};
    byte[] pages = assembler.take().pages();

    new OggOpusReader()
        .read(
            pages,
            0,
            pages.length,
            (bytes, offset, _) -> {
              if (next[0] < 3) {
                assertThat(bytes[offset + 1]).isEqualTo((byte) next[0]);
              }
              next[0]++;
            });

    assertThat(next[0]).isGreaterThan(3);
    assertThat(assembler.latePackets()).isOne();
    assertThat(read(pages).playedSamples()).isEqualTo(80 * TICK);
  }

  @RepeatedTest(30)
  void brokenOffAnywhereATrackIsMadeWholeWithAllThatWasSafe(RepetitionInfo repetition)
      throws Exception {
    Random random = new Random(repetition.getCurrentRepetition());
    long[] safe = new long[60];
    long[] ends = new long[60];
    int steps = 0;
    boolean isEnded = random.nextInt(4) == 0;
    try (SpooledTrack track = SpooledTrack.create(directory, "mix", keys, CONTEXT)) {
      for (int i = 0; i < 300; i++) {
        if (i % 40 == 0) {
          assembler.note(new TrackNote.Heard((long) i * TICK, "pt_" + i % 3));
        } else if (i % 40 == 29) {
          assembler.note(new TrackNote.Silent((long) i * TICK, "pt_" + (i - 29) % 3));
        }
        if (random.nextInt(10) > 0) {
          tick(i);
        }
        if (i % 25 == 24 && assembler.hasMore()) {
          TrackChunk chunk = assembler.take();
          track.append(chunk);
          safe[steps] = (steps == 0 ? 0 : safe[steps - 1]) + samplesIn(chunk);
          ends[steps++] = track.length();
        }
      }
      if (isEnded) {
        assembler.end(300 * TICK, 1_006_000, TrackNote.EndCause.STOPPED);
        track.append(assembler.take());
        safe[steps] = 300 * TICK;
        ends[steps++] = track.length();
      }
    }
    Files.deleteIfExists(directory.resolve("mix" + SpooledTrack.MANIFEST_SUFFIX));
    int cut = random.nextInt((int) Files.size(file) + 1);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), cut));
    long expected = 0;
    for (int i = 0; i < steps; i++) {
      expected = ends[i] <= cut ? safe[i] : expected;
    }

    byte[] manifest = SpooledTrack.recover(file, keys, CONTEXT, 1_007_000);

    if (cut < ends[0]) {
      assertThat(manifest).isNull();
      return;
    }
    byte[] ogg = unsealed(true);
    OggOpusReader reader = read(ogg);
    JsonNode described = new ObjectMapper().readTree(manifest);
    assertThat(reader.playedSamples()).isEqualTo(expected);
    assertThat(reader.hasEnd()).isTrue();
    assertThat(reader.pagesMissing()).isZero();
    assertThat(described.get("samples").asLong()).isEqualTo(expected);
    assertThat(described.get("sha256").asText())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(ogg)));
    whoWasHeardIsTold(described.get("speakers"), expected / 48);
    // Once more changes nothing.
    assertThat(SpooledTrack.recover(file, keys, CONTEXT, 1_008_000)).isEqualTo(manifest);
  }

  /** Each turn was 29 of 40 ticks, the last one up to where the track broke off. */
  private static void whoWasHeardIsTold(JsonNode turns, long durationMs) {
    assertThat(turns).hasSize((int) ((durationMs + 799) / 800));
    for (int i = 0; i < turns.size(); i++) {
      JsonNode turn = turns.get(i);
      assertThat(turn.get("participant").asText()).isEqualTo("pt_" + i * 40 % 3);
      assertThat(turn.get("atMs").asLong()).isEqualTo(800L * i);
      assertThat(turn.get("durationMs").asLong()).isEqualTo(Math.min(580, durationMs - 800L * i));
    }
  }

  private long before;
  private final OggOpusReader written = new OggOpusReader();

  private long samplesIn(TrackChunk chunk) {
    written.read(chunk.pages(), 0, chunk.pages().length, (_, _, _) -> {});
    long samples = written.granulePosition() - before;
    before = written.granulePosition();
    return samples;
  }
}
