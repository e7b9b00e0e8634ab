package dev.parley.systemtests.show.load;

import dev.parley.benchmarks.LoadOptions;
import dev.parley.benchmarks.LoadResult;
import dev.parley.benchmarks.LoadRun;
import dev.parley.benchmarks.delay.MixDelay;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ShowOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Rows about the delay of a mixed frame beyond its own 20 ms, over a network that delays nothing.
 * Many rooms of two, since where a talker's packets fall between two ticks is each one's own. One
 * thread.
 */
final class MixDelayRows {
  private static final double TARGET_MS = 30;
  private static final double HEARD_PERCENT = 98;

  private static final int ROOMS = 10;
  private static final int WARM_UP_SECONDS = 10;
  private static final int QUICK_WARM_UP_SECONDS = 8;
  private static final int SECONDS = 30;
  private static final int QUICK_SECONDS = 8;
  private static final long SEED = 1_001;

  private final ShowOptions options;
  private final Report report;
  private final String url;
  private final Path data;

  MixDelayRows(ShowOptions options, Report report, String url, Path data) {
    this.options = options;
    this.report = report;
    this.url = url;
    this.data = data;
  }

  void measure() throws Exception {
    report.step("marked sounds mixed in " + ROOMS + " rooms, 1 talker and 1 listener in each");
    int seconds = options.quick() ? QUICK_SECONDS : SECONDS;
    MixDelay delay = new MixDelay(ROOMS, SEED);
    LoadOptions load = new LoadOptions();
    load.url = URI.create(url);
    load.keyFile = ServerPlaces.serverKey(data);
    load.seed = SEED;
    load.rooms = ROOMS;
    load.participants = 2 * ROOMS;
    load.talkers = 1;
    load.mixed = 2;
    load.quietIntervalMs = 0;
    load.isPunctual = true;
    load.joinSeconds = 1;
    load.warmUpSeconds = options.quick() ? QUICK_WARM_UP_SECONDS : WARM_UP_SECONDS;
    load.intervalSeconds = seconds;
    load.metrics.put("media server", ServerPlaces.MEDIA_METRICS);
    load.watch = delay;
    load.voice = delay.voice();
    LoadResult result =
        new LoadRun(
                load, Duration.ofSeconds(seconds), false, options.json() ? System.err : System.out)
            .run();
    delay.evaluate();
    report.atMost("mixed: packets lost", (double) result.figures().lost(), 0, "");
    result.faults().forEach(fault -> report.check("mixed: " + fault, false, "no"));
    judge(delay);
    double lateMs = result.generatorLateUs().getValueAtPercentile(99) / 1_000.0;
    report.tell(
        "mixed: our clients' own lateness, 99 %", String.format(Locale.ROOT, "%.1f ms", lateMs));
  }

  private void judge(MixDelay delay) {
    Histogram delayUs = delay.delayUs();
    long heard = delayUs.getTotalCount();
    report.tell("mixed: marks measured", Long.toString(heard));
    double percent = 100.0 * heard / (heard + delay.unheard());
    report.atLeast("mixed: marks found again", percent, HEARD_PERCENT, "%");
    double medianMs = heard == 0 ? Double.NaN : delayUs.getValueAtPercentile(50) / 1_000.0;
    report.atMost("mixed: delay beyond the frame, 50 %", medianMs, TARGET_MS, "ms");
    report.tell(
        "mixed: delay beyond the frame, 99 %",
        String.format(Locale.ROOT, "%.1f ms", delayUs.getValueAtPercentile(99) / 1_000.0));
  }
}
