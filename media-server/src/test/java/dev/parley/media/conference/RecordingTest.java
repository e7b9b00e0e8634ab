package dev.parley.media.conference;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.media.conference.RecordingTap.Kind;
import dev.parley.media.mix.ToneDetector;
import dev.parley.media.ogg.OggOpusReader;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusDecoder;
import dev.parley.media.packet.MediaRing;
import dev.parley.media.record.KeyFile;
import dev.parley.media.record.Recorder;
import dev.parley.media.record.Segment;
import dev.parley.media.record.SpoolKeys;
import dev.parley.media.record.SpooledTrack;
import dev.parley.media.record.TrackNote.EndCause;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A conference under a clock moved by hand, and what the recorder has in its spool of it. */
final class RecordingTest {
  private static final int SAMPLES_PER_MS = 48;
  private static final String NAME = "rec.1";

  @TempDir Path spool;
  private final ConferenceRig rig = new ConferenceRig(2);
  private final CompletableFuture<EndCause> ended = new CompletableFuture<>();
  private SpoolKeys keys;
  private Recorder recorder;

  @BeforeEach
  void setUp() throws IOException {
    keys = KeyFile.at(spool.resolve("key"), new SecureRandom());
    long beganNs = rig.nowNs;
    // It stands still: what the recorder does depends on the conference's times alone.
    recorder =
        new Recorder(
            spool,
            keys,
            1 << 24,
            () -> beganNs,
            ns -> ns / 1_000_000,
            (_, end) -> ended.complete(end.cause()));
    recorder.recover();
  }

  @AfterEach
  void tearDown() {
    recorder.close();
    rig.close();
  }

  private void begin(Kind kind, int channels) {
    begin(kind, channels, RecordingTap.Terms.NONE);
  }

  private void begin(Kind kind, int channels, RecordingTap.Terms terms) {
    Segment segment = new Segment("room", 1, "rec", 1, kind == Kind.MIX, channels);
    RingBuffer ring = ((Recorder.Begun) recorder.begin(segment)).ring();
    RecordingTap tap = new RecordingTap(NAME, kind, channels, ring, terms);
    rig.proxy.record("room", tap, true, _ -> {});
    rig.cycle();
  }

  private void consents(String... names) {
    rig.proxy.setConsents("room", NAME, Set.of(names), () -> {});
    rig.cycle();
  }

  private void stop() throws Exception {
    rig.proxy.stopRecording("room", NAME, () -> {});
    rig.cycle();
    awaitEnd();
  }

  private void awaitEnd() throws Exception {
    recorder.hurry(NAME);
    assertThat(ended.get(30, TimeUnit.SECONDS)).isEqualTo(EndCause.STOPPED);
  }

  private Path file(String track) {
    return spool.resolve(NAME).resolve(track + SpooledTrack.SUFFIX);
  }

  private JsonNode manifest(String track) throws Exception {
    return new ObjectMapper()
        .readTree(SpooledTrack.manifest(file(track), keys, Recorder.context(NAME, track)));
  }

  /** What a player puts out, mono. */
  private float[] play(String track) throws Exception {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    assertThat(SpooledTrack.unseal(file(track), keys, Recorder.context(NAME, track), file))
        .isTrue();
    byte[] ogg = file.toByteArray();
    OggOpusReader reader = new OggOpusReader();
    float[] sound = new float[48_000 * 60];
    int[] length = {0};
    try (OpusDecoder decoder = OpusCodec.best().newDecoder(1)) {
      reader.read(
          ogg,
          0,
          ogg.length,
          (bytes, offset, packetLength) ->
              length[0] += decoder.decode(bytes, offset, packetLength, sound, length[0]));
    }
    int skip = requireNonNull(reader.head()).preSkipSamples();
    return Arrays.copyOfRange(sound, skip, skip + (int) reader.playedSamples());
  }

  /** Correlation of a part with the tones it should be of, whatever their phases. */
  private static double correlation(float[] sound, int fromMs, int toMs, double... hertz) {
    int from = fromMs * SAMPLES_PER_MS;
    int to = toMs * SAMPLES_PER_MS;
    double energy = 0;
    for (int i = from; i < to; i++) {
      energy += sound[i] * sound[i];
    }
    double tones = 0;
    for (double hz : hertz) {
      double amplitude = ToneDetector.amplitude(sound, from, to, hz);
      tones += amplitude * amplitude / 2 * (to - from);
    }
    return Math.sqrt(tones / energy);
  }

  @Test
  void theMixIsRecordedAndAsLongAsItTook() throws Exception {
    rig.join("ana", ConferenceRig.MIX).talk(500);
    rig.join("ben", ConferenceRig.MIX).talk(900);
    rig.run(1_000);
    begin(Kind.MIX, 1);

    rig.run(10_000);
    stop();

    float[] sound = play("mix");
    assertThat(sound.length / (double) SAMPLES_PER_MS).isCloseTo(10_000, within(20.0));
    assertThat(correlation(sound, 1_000, 9_000, 500, 900)).isGreaterThan(0.95);
    assertThat(manifest("mix").get("gaps")).isEmpty();
    assertThat(manifest("mix").get("samples").asLong()).isEqualTo(sound.length);
  }

  @Test
  void whatListenersShareIsNotEncodedAgain() throws Exception {
    rig.join("ana", ConferenceRig.FORWARD).talk(500);
    rig.join("cleo", ConferenceRig.MIX);
    rig.run(1_000);
    long before = rig.count(ConferenceCounter.FRAMES_ENCODED);
    begin(Kind.MIX, 1);

    rig.run(2_000);

    assertThat(rig.count(ConferenceCounter.FRAMES_ENCODED) - before).isEqualTo(100);
    stop();
    assertThat(correlation(play("mix"), 200, 1_800, 500)).isGreaterThan(0.95);
    assertThat(manifest("mix").get("gaps")).isEmpty();
  }

  @Test
  void aForwardedConferenceIsMixedWhileItIsRecorded() throws Exception {
    rig.join("ana", ConferenceRig.FORWARD).talk(500);
    rig.run(1_000);
    begin(Kind.MIX, 2);
    rig.run(1_000);
    long before = rig.count(ConferenceCounter.FRAMES_ENCODED);
    rig.run(1_000);

    assertThat(rig.count(ConferenceCounter.FRAMES_ENCODED) - before).isEqualTo(50);
    stop();
    long after = rig.count(ConferenceCounter.FRAMES_ENCODED);
    rig.run(1_000);
    assertThat(rig.count(ConferenceCounter.FRAMES_ENCODED)).isEqualTo(after);
    assertThat(manifest("mix").get("channels").asInt()).isEqualTo(2);
    assertThat(correlation(play("mix"), 400, 1_800, 500)).isGreaterThan(0.95);
  }

  @Test
  void tracksAreWhatEachSentAndNothingIsDecoded() throws Exception {
    rig.join("ana", ConferenceRig.FORWARD).talk(500);
    rig.join("ben", ConferenceRig.FORWARD).talk(900);
    rig.run(1_000);
    begin(Kind.TRACKS, 1);

    rig.run(5_000);
    stop();

    assertThat(rig.count(ConferenceCounter.FRAMES_DECODED)).isZero();
    assertThat(rig.count(ConferenceCounter.FRAMES_ENCODED)).isZero();
    float[] ana = play("ana");
    float[] ben = play("ben");
    assertThat(ana.length / (double) SAMPLES_PER_MS).isCloseTo(5_000, within(20.0));
    assertThat(ben.length / (double) SAMPLES_PER_MS).isCloseTo(5_000, within(20.0));
    assertThat(correlation(ana, 500, 4_500, 500)).isGreaterThan(0.95);
    assertThat(correlation(ben, 500, 4_500, 900)).isGreaterThan(0.95);
    assertThat(manifest("ana").get("gaps")).isEmpty();
  }

  @Test
  void whoComesLaterAndIsMutedHasSilenceThereAndNoGap() throws Exception {
    rig.join("ana", ConferenceRig.FORWARD).talk(500);
    begin(Kind.TRACKS, 1);
    rig.run(1_000);
    rig.join("ben", ConferenceRig.FORWARD).talk(900);
    rig.run(1_000);
    rig.proxy.mute("room", "ben", true);
    rig.run(1_000);
    rig.proxy.mute("room", "ben", false);
    rig.run(1_000);
    stop();

    float[] ben = play("ben");
    assertThat(ben.length / (double) SAMPLES_PER_MS).isCloseTo(4_000, within(20.0));
    assertThat(ToneDetector.amplitude(ben, 0, 48_000, 900)).isLessThan(0.01);
    assertThat(correlation(ben, 1_200, 1_900, 900)).isGreaterThan(0.95);
    assertThat(ToneDetector.amplitude(ben, 48 * 2_500, 48 * 3_000, 900)).isLessThan(0.01);
    assertThat(correlation(ben, 3_200, 3_900, 900)).isGreaterThan(0.95);
    assertThat(manifest("ben").get("gaps")).isEmpty();
  }

  @Test
  void whatIsSaidInAPauseIsNotRecorded() throws Exception {
    ModelClient ana = rig.join("ana", ConferenceRig.MIX).talk(500);
    rig.join("ben", ConferenceRig.MIX);
    rig.run(1_000);
    begin(Kind.MIX, 1);
    rig.run(2_000);
    rig.proxy.pauseRecording("room", NAME, true);
    rig.cycle();
    ana.talk(900);
    rig.run(3_000);
    ana.talk(500);
    rig.run(200);
    rig.proxy.pauseRecording("room", NAME, false);
    rig.cycle();
    rig.run(2_000);
    stop();

    float[] sound = play("mix");
    assertThat(sound.length / (double) SAMPLES_PER_MS).isCloseTo(4_000, within(40.0));
    assertThat(ToneDetector.amplitude(sound, 48 * 500, 48 * 3_500, 900)).isLessThan(0.01);
    JsonNode pauses = manifest("mix").get("pauses");
    assertThat(pauses).hasSize(1);
    assertThat(pauses.get(0).get("atMs").asDouble()).isCloseTo(2_000, within(20.0));
    assertThat(manifest("mix").get("gaps")).isEmpty();
  }

  @Test
  void whoHasNotAgreedHasNoTrack() throws Exception {
    rig.join("ana", ConferenceRig.FORWARD).talk(500);
    rig.join("ben", ConferenceRig.FORWARD).talk(900);
    begin(Kind.TRACKS, 1, new RecordingTap.Terms(false, Set.of("ana", "cleo")));
    rig.run(1_000);
    rig.join("cleo", ConferenceRig.FORWARD).talk(700);
    rig.run(1_000);
    assertThat(file("ben")).doesNotExist();
    consents("ana", "ben");
    rig.run(2_000);
    consents("ana");
    rig.run(1_000);
    stop();

    assertThat(play("ana").length / (double) SAMPLES_PER_MS).isCloseTo(5_000, within(20.0));
    float[] ben = play("ben");
    assertThat(ben.length / (double) SAMPLES_PER_MS).isCloseTo(4_000, within(20.0));
    assertThat(ToneDetector.amplitude(ben, 0, 48 * 2_000, 900)).isLessThan(0.01);
    assertThat(correlation(ben, 2_200, 3_900, 900)).isGreaterThan(0.95);
    float[] cleo = play("cleo");
    assertThat(cleo.length / (double) SAMPLES_PER_MS).isCloseTo(2_000, within(20.0));
    assertThat(correlation(cleo, 1_200, 1_900, 700)).isGreaterThan(0.95);
  }

  @Test
  void aMixHasNothingOfMomentsInWhichSomebodyIsHeardWhoHasNotAgreed() throws Exception {
    rig.join("ana", ConferenceRig.MIX).talk(500);
    ModelClient ben = rig.join("ben", ConferenceRig.MIX);
    ModelClient cleo = rig.join("cleo", ConferenceRig.MIX);
    rig.run(1_000);
    begin(Kind.MIX, 1, new RecordingTap.Terms(false, Set.of("ana")));
    rig.run(2_000);
    ben.talk(900);
    rig.run(1_000);
    assertThat(cleo.amplitudeOf(900, 500)).isGreaterThan(0.1);
    ben.isSending = false;
    rig.run(2_000);
    consents("ana", "ben");
    ben.talk(900);
    rig.run(1_000);
    stop();

    float[] sound = play("mix");
    assertThat(sound.length / (double) SAMPLES_PER_MS).isCloseTo(6_000, within(40.0));
    assertThat(correlation(sound, 200, 1_900, 500)).isGreaterThan(0.95);
    for (int fromMs = 0; fromMs < 5_000; fromMs += 20) {
      assertThat(ToneDetector.amplitude(sound, 48 * fromMs, 48 * (fromMs + 20), 900))
          .as("at %d ms", fromMs)
          .isLessThan(0.1);
    }
    assertThat(ToneDetector.amplitude(sound, 48 * 200, 48 * 1_900, 900)).isLessThan(0.01);
    assertThat(ToneDetector.amplitude(sound, 48 * 3_700, 48 * 4_900, 900)).isLessThan(0.01);
    assertThat(correlation(sound, 5_200, 5_900, 500, 900)).isGreaterThan(0.95);
    JsonNode gaps = manifest("mix").get("gaps");
    assertThat(gaps).hasSize(1);
    assertThat(gaps.get(0).get("cause").asText()).isEqualTo("withheld");
    assertThat(gaps.get(0).get("atMs").asDouble()).isCloseTo(2_000, within(150.0));
    assertThat(gaps.get(0).get("durationMs").asDouble()).isBetween(900.0, 1_500.0);
    assertThat(turns(manifest("mix"))).extracting(Turn::who).containsExactly("ana", "ben");
  }

  @Test
  void aRecordingIsAnnouncedToAllWhoHearAMix() throws Exception {
    rig.join("ana", ConferenceRig.MIX).talk(500);
    ModelClient ben = rig.join("ben", ConferenceRig.MIX);
    rig.run(1_000);
    begin(Kind.MIX, 1, new RecordingTap.Terms(true, null));
    rig.run(300);
    assertThat(ben.amplitudeOf(660, 200)).isGreaterThan(0.03);
    rig.run(250);
    assertThat(ben.amplitudeOf(990, 200)).isGreaterThan(0.03);
    rig.run(500);
    assertThat(ben.amplitudeOf(660, 200)).isLessThan(0.01);
    assertThat(ben.amplitudeOf(990, 200)).isLessThan(0.01);
    stop();

    float[] sound = play("mix");
    assertThat(ToneDetector.amplitude(sound, 48 * 20, 48 * 220, 660)).isGreaterThan(0.05);
    assertThat(ToneDetector.amplitude(sound, 48 * 260, 48 * 460, 990)).isGreaterThan(0.05);
  }

  @Test
  void theManifestSaysWhoWasHeardWhen() throws Exception {
    ModelClient ana = rig.join("ana", ConferenceRig.MIX);
    ModelClient ben = rig.join("ben", ConferenceRig.FORWARD);
    rig.run(500);
    begin(Kind.MIX, 1);
    rig.run(1_000);
    ana.talk(500);
    rig.run(2_000);
    ben.talk(900);
    rig.run(1_000);
    ana.isSending = false;
    rig.run(200);
    ana.isSending = true;
    rig.run(800);
    ana.isSending = false;
    rig.run(1_000);
    rig.proxy.pauseRecording("room", NAME, true);
    rig.cycle();
    rig.run(3_000);
    rig.proxy.pauseRecording("room", NAME, false);
    rig.cycle();
    rig.run(500);
    rig.proxy.removeParticipant("room", "ben");
    rig.run(1_000);
    stop();

    assertThat(turns(manifest("mix"))).extracting(Turn::who).containsExactly("ana", "ben", "ben");
    List<Turn> turns = turns(manifest("mix"));
    turns.get(0).isBetween(1_000, 5_000);
    turns.get(1).isBetween(3_000, 6_000);
    turns.get(2).isBetween(6_000, 6_500);
  }

  private record Turn(String who, long atMs, long durationMs) {
    /** Smoothed levels, and how long the last one holds, cost 200 ms at most. */
    void isBetween(int fromMs, int toMs) {
      assertThat((double) atMs).isCloseTo(fromMs, within(200.0));
      assertThat((double) atMs + durationMs).isCloseTo(toMs, within(200.0));
    }
  }

  private static List<Turn> turns(JsonNode manifest) {
    List<Turn> turns = new ArrayList<>();
    for (JsonNode each : manifest.get("speakers")) {
      turns.add(
          new Turn(
              each.get("participant").asText(),
              each.get("atMs").asLong(),
              each.get("durationMs").asLong()));
    }
    return turns;
  }

  @Test
  void aMixThatNobodyHearsIsNotStartedWhenThereIsNoTimeForIt() {
    rig.join("ana", ConferenceRig.FORWARD).talk(500);
    List<RecordingStart> starts = new ArrayList<>();
    RingBuffer ring = MediaRing.ofCapacity(1 << 14);

    rig.proxy.record("room", new RecordingTap("a", Kind.MIX, 1, ring), false, starts::add);
    rig.proxy.record("room", new RecordingTap("b", Kind.TRACKS, 1, ring), false, starts::add);
    rig.join("cleo", ConferenceRig.MIX);
    rig.run(1_000);
    rig.proxy.record("room", new RecordingTap("c", Kind.MIX, 1, ring), false, starts::add);
    rig.proxy.record("hall", new RecordingTap("d", Kind.MIX, 1, ring), true, starts::add);
    rig.cycle();

    assertThat(starts)
        .containsExactly(
            RecordingStart.NO_TIME_FOR_MIX,
            RecordingStart.BEGUN,
            RecordingStart.BEGUN,
            RecordingStart.NOT_FOUND);
  }

  @Test
  void aRecordingEndsWithItsConferenceAndLastsThoughNobodyIsThere() throws Exception {
    ModelClient ana = rig.join("ana", ConferenceRig.MIX).talk(500);
    begin(Kind.MIX, 1);
    rig.run(2_000);
    ana.isSending = false;
    rig.proxy.removeParticipant("room", "ana");
    rig.run(3_000);
    rig.proxy.endConference("room");
    rig.cycle();
    awaitEnd();

    assertThat(manifest("mix").get("durationMs").asDouble()).isCloseTo(5_000, within(40.0));
  }

  @Test
  void aFullRingCostsTheRecordingAndNotTheCall() throws Exception {
    rig.join("ana", ConferenceRig.MIX).talk(500);
    ModelClient ben = rig.join("ben", ConferenceRig.MIX);
    RingBuffer unread = MediaRing.ofCapacity(1 << 14);
    rig.proxy.record("room", new RecordingTap(NAME, Kind.MIX, 1, unread), true, _ -> {});
    rig.run(5_000);

    assertThat(rig.count(ConferenceCounter.RECORDED_PACKETS_DROPPED)).isPositive();
    assertThat(ben.heard.size()).isGreaterThan(200);
  }
}
