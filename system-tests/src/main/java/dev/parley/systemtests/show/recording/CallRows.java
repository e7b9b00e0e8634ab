package dev.parley.systemtests.show.recording;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.benchmarks.client.ImpairedNetwork;
import dev.parley.benchmarks.client.SessionApi.Listening;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import dev.parley.systemtests.show.Report;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Calls with a tone, with something like speech and with a bad network, recorded as a mix and as
 * tracks, and what is fetched from the store afterwards compared with what was said. One thread.
 */
final class CallRows implements AutoCloseable {
  private static final String TAG = "said";
  private static final int HERTZ = 440;
  private static final int LEVEL_DBOV = -20;
  private static final int SPEECH_SEC = 20;
  private static final int LOSS_PERCENT = 5;
  private static final int PACKET_MS = 20;
  private static final double WALL_MS = 20;
  private static final double LIKE = 0.95;

  /** Below the least that a jitter buffer or a recording waits for a packet. */
  private static final double LATE_MS = 60;

  /** Begun and ended within a word: that much is left out when sounds are compared. */
  private static final int LEFT_OUT = 1000 * Sounds.MS;

  /** In a mix the jitter buffer moves sound a little now and then: so much keeps one phase. */
  private static final int TONE_STRETCH = 1000 * Sounds.MS;

  private static final int SPEECH_STRETCH = 10_000 * Sounds.MS;

  private final Report report;
  private final Studio studio;
  private final Plan plan;
  private final float[] speech = Sounds.speech(7, SPEECH_SEC);
  private final List<RecordedCall> calls = new ArrayList<>();
  private final Map<Kind, Running> running = new EnumMap<>(Kind.class);
  private @Nullable WebRtcClient victim;
  private final Lost lostAtBegin = new Lost();
  private final Lost lostAtEnd = new Lost();
  private long begunNs;
  private double lateMs = Double.MAX_VALUE;

  CallRows(Report report, Studio studio, Plan plan) {
    this.report = report;
    this.studio = studio;
    this.plan = plan;
  }

  /**
   * What is wanted.
   *
   * @param time how long is recorded at least
   * @param availableMax from a stop until all can be fetched
   */
  record Plan(Duration time, Duration availableMax) {}

  /** Packets that were lost until something was asked for, and until it was answered. */
  private static final class Lost {
    private long asked;
    private long answered;
  }

  /** What is recorded, in the order in which it is stopped. */
  private enum Kind {
    LOSSY_TRACKS("tracks"),
    TONE_MIX("mix"),
    TONE_TRACKS("tracks"),
    SPEECH_MIX("mix"),
    SPEECH_TRACKS("tracks");

    private final String mode;

    Kind(String mode) {
      this.mode = mode;
    }
  }

  /** A recording that runs. */
  private record Running(RecordedCall call, RecordedCall.Begun begun) {}

  /** One that is over, with its tracks as they were fetched. */
  private record Take(
      RecordedCall.Begun begun, RecordedCall.Stopped stopped, List<RecordedCall.Track> tracks) {}

  /** Lets people in, and begins to record them. */
  void begin() throws Exception {
    report.step("people come, and are recorded");
    String key = studio.key("said");
    RecordedCall tone = call(key);
    RecordedCall words = call(key);
    RecordedCall lossy = call(key);
    VoiceSource sine = VoiceSource.tone(HERTZ, LEVEL_DBOV);
    WebRtcClient _ = tone.join(sine, Listening.MIX);
    WebRtcClient _ = tone.listen(Listening.MIX);
    WebRtcClient _ = words.join(VoiceSource.encode(speech), Listening.MIX);
    WebRtcClient _ = words.listen(Listening.MIX);
    WebRtcClient sufferer = lossy.join(sine, new ImpairedNetwork(LOSS_PERCENT, 0, 0, 3));
    WebRtcClient _ = lossy.listen(Listening.FORWARD);
    for (Kind kind : Kind.values()) {
      RecordedCall call =
          switch (kind) {
            case TONE_MIX, TONE_TRACKS -> tone;
            case SPEECH_MIX, SPEECH_TRACKS -> words;
            case LOSSY_TRACKS -> lossy;
          };
      if (kind == Kind.LOSSY_TRACKS) {
        lostAtBegin.asked = RecordedCall.lostOut(sufferer);
      }
      running.put(kind, new Running(call, call.begin(kind.mode, TAG)));
      if (kind == Kind.LOSSY_TRACKS) {
        lostAtBegin.answered = RecordedCall.lostOut(sufferer);
      }
    }
    victim = sufferer;
    begunNs = System.nanoTime();
  }

  private RecordedCall call(String key) throws IOException, InterruptedException {
    RecordedCall call = new RecordedCall(studio, key);
    calls.add(call);
    return call;
  }

  /** Waits until enough is recorded, stops one recording after the other, and judges each. */
  void end() throws Exception {
    Duration left = plan.time().minusNanos(System.nanoTime() - begunNs);
    if (left.isPositive()) {
      report.step("they talk on for " + left.toSeconds() + " s");
      // What is recorded is time itself.
      Thread.sleep(left);
    }
    long recordedSec = Duration.ofNanos(System.nanoTime() - begunNs).toSeconds();
    report.step("stopping, uploading, fetching");
    Map<Kind, Take> takes = stop(recordedSec);
    Histogram lateUs = studio.loop().lateUs();
    lateMs = lateUs.getMaxValue() / 1e3;
    if (!wereTalkersInTime()) {
      report.note(
          "Who talked was late now and then, for this machine has too much else to do: what was said"
              + " is not what was to be said. Run it again when it has less.");
    }
    report.tell(
        "clients, late against their own clock",
        String.format(
            Locale.ROOT,
            "p99 %.1f ms, most %.0f ms",
            lateUs.getValueAtPercentile(99) / 1e3,
            lateMs));
    report.step("decoding and comparing");
    judge(takes);
    gaps(of(takes, Kind.LOSSY_TRACKS));
  }

  /** If not, what was recorded cannot be what was to be said. */
  boolean wereTalkersInTime() {
    return lateMs <= LATE_MS;
  }

  private Map<Kind, Take> stop(long recordedSec) throws Exception {
    WebRtcClient sufferer = Objects.requireNonNull(victim, "nothing was begun");
    Map<Kind, Take> takes = new EnumMap<>(Kind.class);
    Set<String> ids = new HashSet<>();
    double mostSec = 0;
    for (Map.Entry<Kind, Running> each : running.entrySet()) {
      RecordedCall call = each.getValue().call();
      RecordedCall.Begun begun = each.getValue().begun();
      if (each.getKey() == Kind.LOSSY_TRACKS) {
        lostAtEnd.asked = RecordedCall.lostOut(sufferer);
      }
      long startNs = System.nanoTime();
      RecordedCall.Stopped stopped = call.stop(begun);
      if (each.getKey() == Kind.LOSSY_TRACKS) {
        lostAtEnd.answered = RecordedCall.lostOut(sufferer);
      }
      JsonNode recording = call.awaitAvailable(begun);
      mostSec = Math.max(mostSec, (System.nanoTime() - startNs) / 1e9);
      recording.path("objectIds").forEach(id -> ids.add(id.asText()));
      takes.put(each.getKey(), new Take(begun, stopped, call.tracks(recording)));
    }
    report.atMost(
        "stop until available, the most of five recordings of " + recordedSec + " s",
        mostSec,
        plan.availableMax().toMillis() / 1e3,
        "s");
    Set<String> found = new HashSet<>(calls.getFirst().find(TAG));
    report.check(
        "all tracks are found by their tag, and no others",
        !ids.isEmpty() && found.equals(ids),
        found.size() + " of " + ids.size());
    return takes;
  }

  private static Take of(Map<Kind, Take> takes, Kind kind) {
    Take take = takes.get(kind);
    if (take == null) {
      throw new IllegalStateException("not recorded: " + kind);
    }
    return take;
  }

  /** Whether files are what was said, what their manifests say, and as long as it took. */
  private void judge(Map<Kind, Take> takes) throws Exception {
    int whole = 0;
    int honest = 0;
    int all = 0;
    double fromWallMs = 0;
    double outsideMs = 0;
    for (Map.Entry<Kind, Take> each : takes.entrySet()) {
      Take take = each.getValue();
      List<DecodedTrack> decoded = new ArrayList<>();
      for (RecordedCall.Track track : take.tracks()) {
        DecodedTrack sound = DecodedTrack.of(track.file());
        decoded.add(sound);
        all++;
        whole += sound.isWhole() ? 1 : 0;
        honest += isHonest(track, sound) ? 1 : 0;
        fromWallMs = Math.max(fromWallMs, Math.abs(sound.durationMs() - track.wallMs()));
        // By this process's clock: no shorter than from answer to wish, no longer than the reverse.
        double leastMs = take.stopped().askedMs() - take.begun().answeredMs();
        double mostMs = take.stopped().answeredMs() - take.begun().askedMs();
        double tooShort = leastMs - sound.durationMs();
        double tooLong = sound.durationMs() - mostMs;
        outsideMs = Math.max(outsideMs, Math.max(tooShort, tooLong));
      }
      sound(each.getKey(), loudest(decoded).samples());
    }
    report.check("files that libopus decodes to their end", whole == all, whole + " of " + all);
    report.check(
        "manifests that say the file's hash, length and samples",
        honest == all,
        honest + " of " + all);
    report.atMost(
        "samples against wall time by the media server's clock, most", fromWallMs, WALL_MS, "ms");
    report.atMost("samples beyond what the requests' times allow, most", outsideMs, WALL_MS, "ms");
  }

  static boolean isHonest(RecordedCall.Track track, DecodedTrack decoded) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(track.file());
    JsonNode manifest = track.manifest();
    return HexFormat.of().formatHex(hash).equals(manifest.path("sha256").asText())
        && manifest.path("length").asLong() == track.file().length
        && manifest.path("samples").asLong() == decoded.playedSamples();
  }

  private void sound(Kind kind, float[] heard) {
    int end = heard.length - LEFT_OUT / 2;
    switch (kind) {
      case TONE_TRACKS ->
          like(
              "tone in its track, waveform, one phase throughout",
              Likeness.ofTone(heard, LEFT_OUT, end, HERTZ));
      case TONE_MIX ->
          like(
              "tone in the mix, waveform, each second for itself",
              Likeness.ofToneByStretches(heard, LEFT_OUT, end, HERTZ, TONE_STRETCH));
      case SPEECH_TRACKS ->
          like(
              "speech in its track, loudness each 20 ms",
              Likeness.ofSpeech(heard, LEFT_OUT, end, speech));
      case SPEECH_MIX ->
          like(
              "speech in the mix, loudness each 20 ms, each ten seconds for themselves",
              Likeness.ofSpeechByStretches(heard, LEFT_OUT, end, speech, SPEECH_STRETCH));
      case LOSSY_TRACKS -> {
        // One packet in twenty of it was never heard by anybody; its gaps are judged.
      }
    }
  }

  private void like(String what, double likeness) {
    boolean isLike = likeness >= LIKE;
    report.check(
        what + ": correlation ≥ " + LIKE, isLike, String.format(Locale.ROOT, "%.4f", likeness));
  }

  /** Of those who are in a call one talks. */
  private static DecodedTrack loudest(List<DecodedTrack> tracks) {
    return tracks.stream()
        .max(Comparator.comparingDouble(DecodedTrack::loudness))
        .orElseThrow(() -> new IllegalStateException("no track"));
  }

  /** When exactly a recording begins and ends is not known, only that it is between two times. */
  private void gaps(Take take) {
    double listed = 0;
    double longestMs = 0;
    for (RecordedCall.Track track : take.tracks()) {
      listed = Math.max(listed, track.gapsMs() / PACKET_MS);
      longestMs = Math.max(longestMs, track.longestGapMs());
    }
    long least = lostAtEnd.asked - lostAtBegin.answered;
    long most = lostAtEnd.answered - lostAtBegin.asked;
    boolean isSame = least > 0 && Math.round(listed) >= least - 1 && Math.round(listed) <= most + 1;
    report.check(
        "gaps that the manifest lists are the packets that were lost",
        isSame,
        String.format(
            Locale.ROOT, "%.1f of %d to %d, longest gap %.0f ms", listed, least, most, longestMs));
  }

  @Override
  public void close() {
    calls.forEach(RecordedCall::close);
  }
}
