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
 * What it costs to record conferences that mix already: the media server's processor time, as the
 * kernel accounts it, with and without, in turn. Nothing is uploaded while it is measured. One
 * thread.
 */
final class CostRows {
  private static final int CALLS_OF_TENANT = 8;
  private static final String TAG = "cost";
  private static final double PERCENT = 0.2;
  private static final Duration SETTLING = Duration.ofMillis(1_500);

  private final Report report;
  private final int callCount;
  private final int rounds;
  private final Duration warmUp;
  private final Duration time;
  private final List<Double> without = new ArrayList<>();
  private final List<Double> with = new ArrayList<>();

  CostRows(Report report, boolean isQuick) {
    this.report = report;
    // The machine's own ups and downs are those of many calls, and count for little of each.
    this.callCount = isQuick ? 8 : 24;
    this.rounds = isQuick ? 1 : 6;
    this.warmUp = Duration.ofSeconds(isQuick ? 3 : 30);
    this.time = Duration.ofSeconds(isQuick ? 4 : 20);
  }

  void run(Studio studio) throws Exception {
    List<RecordedCall> calls = new ArrayList<>();
    try {
      VoiceSource voice = VoiceSource.encode(Sounds.speech(5, 20));
      String key = "";
      for (int i = 0; i < callCount; i++) {
        key = i % CALLS_OF_TENANT == 0 ? studio.key(TAG + "-" + i) : key;
        RecordedCall call = new RecordedCall(studio, key);
        calls.add(call);
        WebRtcClient _ = call.join(voice, Listening.MIX);
        WebRtcClient _ = call.listen(Listening.MIX);
        WebRtcClient _ = call.listen(Listening.MIX);
      }
      Thread.sleep(warmUp);
      // Code that records is compiled, too.
      double _ = record(studio, calls, warmUp);
      for (int round = 1; round <= rounds; round++) {
        report.step("processor time, round " + round + " of " + rounds);
        without.add(percent(studio, time));
        with.add(record(studio, calls, time));
      }
      without.add(percent(studio, time));
    } finally {
      calls.forEach(RecordedCall::close);
    }
    report.tell("processor without recording, " + callCount + " mixed calls", figures(without));
    report.tell("processor while all are recorded", figures(with));
    report.atMost(
        "extra processor time of recording a call that mixes, % of a core",
        (mean(with) - mean(without)) / callCount, PERCENT, "%");
  }

  /** Records all calls for a while and returns what that took, then waits until all is uploaded. */
  private static double record(Studio studio, List<RecordedCall> calls, Duration time)
      throws Exception {
    List<RecordedCall.Begun> begun = new ArrayList<>();
    for (RecordedCall call : calls) {
      begun.add(call.begin("mix", TAG));
    }
    Thread.sleep(SETTLING);
    double percent = percent(studio, time);
    for (int i = 0; i < calls.size(); i++) {
      RecordedCall.Stopped _ = calls.get(i).stop(begun.get(i));
    }
    for (int i = 0; i < calls.size(); i++) {
      JsonNode _ = calls.get(i).awaitAvailable(begun.get(i));
    }
    Thread.sleep(SETTLING);
    return percent;
  }

  private static double percent(Studio studio, Duration time) throws Exception {
    Duration before = studio.mediaProcessorTime();
    long startNs = System.nanoTime();
    Thread.sleep(time);
    Duration used = studio.mediaProcessorTime().minus(before);
    return 100.0 * used.toNanos() / (System.nanoTime() - startNs);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(value -> value).average().orElse(Double.NaN);
  }

  private static String figures(List<Double> values) {
    String single =
        String.join(
            ", ", values.stream().map(value -> String.format(Locale.ROOT, "%.1f", value)).toList());
    return String.format(Locale.ROOT, "%.1f %% (%s)", mean(values), single);
  }
}
