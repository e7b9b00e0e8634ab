package dev.parley.systemtests.show.recording;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.benchmarks.client.SessionApi.Listening;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import dev.parley.systemtests.show.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Many recordings at once, with their calls and their clients on the same processors: none is a
 * packet or a millisecond short. One thread.
 */
final class ManyRows {
  private static final int PEOPLE = 2;
  private static final int CALLS_OF_TENANT = 5;
  private static final int HERTZ = 440;
  private static final int LEVEL_DBOV = -20;
  private static final double WALL_MS = 20;
  private static final double MISSED_PERCENT = 1;
  private static final String DROPPED = "parley_conference_recorded_packets_dropped_total";
  private static final String LATE = "parley_conference_late_ticks_total";

  private final Report report;
  private final int stemCalls;
  private final int mixCalls;
  private final Duration time;

  ManyRows(Report report, boolean isQuick) {
    this.report = report;
    this.stemCalls = isQuick ? 10 : 100;
    this.mixCalls = isQuick ? 4 : 40;
    this.time = Duration.ofSeconds(isQuick ? 4 : 30);
  }

  void run(Studio studio) throws Exception {
    record(studio, stemCalls, "tracks", Listening.FORWARD, PEOPLE);
    record(studio, mixCalls, "mix", Listening.MIX, 1);
  }

  private void record(Studio studio, int count, String mode, Listening listening, int tracksOfCall)
      throws Exception {
    String what = count * tracksOfCall + (mode.equals("mix") ? " mixes" : " tracks") + " at once";
    report.step(what + ": " + count + " calls of two come");
    List<RecordedCall> calls = new ArrayList<>();
    try {
      VoiceSource voice = VoiceSource.tone(HERTZ, LEVEL_DBOV);
      String key = "";
      for (int i = 0; i < count; i++) {
        key = i % CALLS_OF_TENANT == 0 ? studio.key(mode + "-" + i) : key;
        RecordedCall call = new RecordedCall(studio, key);
        calls.add(call);
        for (int person = 0; person < PEOPLE; person++) {
          WebRtcClient _ = call.join(voice, listening);
        }
      }
      measure(studio, calls, mode, what, tracksOfCall);
    } finally {
      calls.forEach(RecordedCall::close);
    }
  }

  private void measure(
      Studio studio, List<RecordedCall> calls, String mode, String what, int tracksOfCall)
      throws Exception {
    List<RecordedCall.Begun> begun = new ArrayList<>();
    for (RecordedCall call : calls) {
      begun.add(call.begin(mode, "many"));
    }
    report.step(what + " for " + time.toSeconds() + " s");
    double lateBefore = studio.mediaMetric(LATE);
    double droppedBefore = studio.mediaMetric(DROPPED);
    Duration usedBefore = studio.mediaProcessorTime();
    Thread.sleep(time);
    double percent =
        100.0 * studio.mediaProcessorTime().minus(usedBefore).toNanos() / time.toNanos();
    double late = studio.mediaMetric(LATE) - lateBefore;
    double missedPercent = 0;
    for (RecordedCall call : calls) {
      missedPercent = Math.max(missedPercent, call.missedPercent());
    }
    for (int i = 0; i < calls.size(); i++) {
      RecordedCall.Stopped _ = calls.get(i).stop(begun.get(i));
    }
    int tracks = 0;
    int whole = 0;
    double fromWallMs = 0;
    double gapsMs = 0;
    for (int i = 0; i < calls.size(); i++) {
      JsonNode recording = calls.get(i).awaitAvailable(begun.get(i));
      for (RecordedCall.Track track : calls.get(i).tracks(recording)) {
        DecodedTrack decoded = DecodedTrack.of(track.file());
        tracks++;
        whole += decoded.isWhole() && CallRows.isHonest(track, decoded) ? 1 : 0;
        fromWallMs = Math.max(fromWallMs, Math.abs(decoded.durationMs() - track.wallMs()));
        gapsMs += track.gapsMs();
      }
    }
    int expected = calls.size() * tracksOfCall;
    report.check(
        what + ": whole, and true to their manifests",
        tracks == expected && whole == expected,
        whole + " of " + expected);
    report.atMost(what + ": samples against wall time, most", fromWallMs, WALL_MS, "ms");
    double dropped = studio.mediaMetric(DROPPED) - droppedBefore;
    report.atMost(what + ": packets that a full ring left out", dropped, 0, "");
    report.atMost(
        what + ": packets that people miss, the most of a call",
        missedPercent,
        MISSED_PERCENT,
        "%");
    report.tell(
        what + ": gaps, late ticks, processor of the media server",
        String.format(Locale.ROOT, "%.0f ms in all, %.0f, %.0f %% of one", gapsMs, late, percent));
  }
}
