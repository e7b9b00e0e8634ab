package dev.parley.systemtests.show.recording;

import dev.parley.benchmarks.client.SessionApi.Listening;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import dev.parley.systemtests.show.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A media server that records is killed (SIGKILL) at moments drawn by seeds, each fifth time while
 * it brings the recording to its store, and started again: what it had recorded comes to the store
 * by itself. One thread.
 */
final class KillRows {
  private static final int HERTZ = 440;
  private static final int LEVEL_DBOV = -20;
  private static final int TALK_LEAST_MS = 1_200;
  private static final int TALK_MORE_MS = 3_300;
  private static final int STOPPED_EACH = 5;
  private static final int STOPPING_MS = 250;
  private static final double LOST_MS = 1_000;
  private static final double LIKE = 0.95;

  private static final int STRETCH = 200 * Sounds.MS;

  /** The beginning of a tone is none. */
  private static final int LEFT_OUT = 200 * Sounds.MS;

  private final Report report;
  private final int seeds;

  KillRows(Report report, int seeds) {
    this.report = report;
    this.seeds = seeds;
  }

  /**
   * What came of one kill.
   *
   * @param lostMs what was said before the kill, or before it was stopped, and is not in the file
   * @param isWhole whether libopus decodes it to its end
   * @param isTrue whether the manifest says what the file is, and how it ended
   * @param likeness of its sound to the tone
   */
  record Kill(long seed, double lostMs, boolean isWhole, boolean isTrue, double likeness) {
    boolean isGood() {
      return lostMs <= LOST_MS && isWhole && isTrue && likeness >= LIKE;
    }
  }

  void run(Studio studio) throws Exception {
    List<Kill> kills = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      report.step("killed, seed " + seed + " of " + seeds);
      kills.add(kill(studio, seed));
    }
    double[] lost = kills.stream().mapToDouble(Kill::lostMs).sorted().toArray();
    report.atMost(
        "killed media servers: lost of what was said, most of " + seeds,
        lost[lost.length - 1],
        LOST_MS,
        "ms");
    report.tell(
        "killed media servers: lost, median",
        String.format(Locale.ROOT, "%.0f ms", lost[lost.length / 2]));
    count(
        "killed media servers: files that play to their end",
        kills.stream().filter(Kill::isWhole).count());
    count("killed media servers: true manifests", kills.stream().filter(Kill::isTrue).count());
    count(
        "killed media servers: sounds that are the tone (correlation ≥ " + LIKE + ")",
        kills.stream().filter(kill -> kill.likeness() >= LIKE).count());
    kills.stream().filter(kill -> !kill.isGood()).limit(5).forEach(kill -> report.note("" + kill));
  }

  private void count(String what, long good) {
    report.check(what, good == seeds, good + " of " + seeds);
  }

  /** Kills one, and looks at what is left. */
  static Kill kill(Studio studio, long seed) throws Exception {
    Random random = new Random(seed);
    try (RecordedCall call = new RecordedCall(studio, studio.key("killed"))) {
      WebRtcClient _ = call.join(VoiceSource.tone(HERTZ, LEVEL_DBOV), Listening.MIX);
      WebRtcClient _ = call.listen(Listening.MIX);
      RecordedCall.Begun begun = call.begin("mix", "killed");
      TimeUnit.MILLISECONDS.sleep(TALK_LEAST_MS + random.nextInt(TALK_MORE_MS));
      boolean isStopped = seed % STOPPED_EACH == 0;
      long endedMs = System.currentTimeMillis();
      if (isStopped) {
        endedMs = call.stop(begun).askedMs();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(STOPPING_MS));
      }
      studio.media().kill();
      // Half of those that bring what is left have the store's key, the others ask.
      boolean isKeyed = seed % 2 == 0;
      studio.giveStoreKey(isKeyed);
      studio.startMedia();
      double signedBefore = studio.signedForMedia();
      call.end();
      RecordedCall.Track track = call.first(call.awaitAvailable(begun), "seed " + seed);
      if (isKeyed && studio.signedForMedia() != signedBefore) {
        throw new IllegalStateException("a media server with the store's key had requests signed");
      }
      DecodedTrack decoded = DecodedTrack.of(track.file());
      String ended = track.manifest().path("ended").asText();
      boolean isTrue =
          CallRows.isHonest(track, decoded)
              && (ended.equals("recovered") || isStopped && ended.equals("stopped"));
      float[] samples = decoded.samples();
      int from = Math.min(LEFT_OUT, samples.length);
      return new Kill(
          seed,
          endedMs - track.startedMs() - decoded.durationMs(),
          decoded.isWhole(),
          isTrue,
          Likeness.ofToneByStretches(samples, from, samples.length, HERTZ, STRETCH));
    }
  }
}
