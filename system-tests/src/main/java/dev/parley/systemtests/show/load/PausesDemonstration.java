package dev.parley.systemtests.show.load;

import dev.parley.benchmarks.LoadOptions;
import dev.parley.benchmarks.LoadResult;
import dev.parley.benchmarks.LoadRun;
import dev.parley.systemtests.show.Demonstration;
import dev.parley.systemtests.show.ParleyUp;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ShowOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What collecting garbage does to a call: how long the media server stands still for it. */
public final class PausesDemonstration implements Demonstration {
  private static final int MINUTES = 10;
  private static final int QUICK_SECONDS = 25;
  private static final int WARM_UP_SECONDS = 8;
  private static final int PARTICIPANTS = 40;
  private static final int QUICK_PARTICIPANTS = 20;
  private static final int JOINS_PER_SECOND = 10;
  private static final int COLLECT_EACH_SECONDS = 5;
  private static final double PAUSE_LIMIT_MS = 1;
  private static final double MICROS_PER_MS = 1e3;
  private static final double NANOS_PER_MS = 1e6;

  @Override
  public String name() {
    return "pauses";
  }

  @Override
  public String proves() {
    return "the media server's garbage collector stops a call for less than a millisecond";
  }

  @Override
  public String help() {
    return """
      --minutes N        how long, after all have joined (default 10)
      --participants N   how many talk and listen, a quarter of them to a mix (default 40)
    The media server records its own pauses (JFR) from before the first join. The way to a standstill,
    until the last thread has noticed, is told apart from the pause itself. A tick counts as late because
    of a pause if it was late in a fifth of a second in which the server stood still for over 1 ms for its
    collector. --quick takes 25 s and has the server collect each 5 s, which it would not by itself.\
    """;
  }

  @Override
  public void run(ShowOptions options, Report report) throws Exception {
    Duration length =
        options.quick()
            ? Duration.ofSeconds(QUICK_SECONDS)
            : Duration.ofMinutes(options.number("--minutes", MINUTES));
    Path data = Files.createTempDirectory("parley-pauses");
    try (LargePages _ = LargePages.grant(report);
        ParleyUp parley =
            ParleyUp.start(options.root(), Files.createDirectory(data.resolve("up")))) {
      LoadOptions load = load(options, parley.url());
      FlightRecording recording =
          FlightRecording.start(ServerPlaces.mediaServerPid(), data.resolve("pauses.jfr"));
      report.step(load.participants + " participants for " + length.toSeconds() + " s");
      LateTicks lateTicks = new LateTicks();
      Thread collecting = Thread.ofVirtual().unstarted(() -> collect(recording));
      LoadResult result;
      try {
        if (options.quick()) {
          collecting.start();
        }
        result = new LoadRun(load, length, false, options.json() ? System.err : System.out).run();
      } finally {
        collecting.interrupt();
        collecting.join();
        lateTicks.end();
      }
      Pauses pauses = recording.stop();
      judge(pauses, lateTicks, report);
      report.atMost("packets lost", (double) result.figures().lost(), 0, "");
      result.faults().forEach(fault -> report.check(fault, false, "no"));
    } finally {
      ServerPlaces.delete(data);
    }
  }

  private static LoadOptions load(ShowOptions options, String url) {
    LoadOptions load = new LoadOptions();
    load.url = URI.create(url);
    load.participants =
        options.number("--participants", options.quick() ? QUICK_PARTICIPANTS : PARTICIPANTS);
    load.mixed = Math.max(1, load.participants / 4);
    load.joinSeconds = (double) load.participants / JOINS_PER_SECOND;
    load.warmUpSeconds = WARM_UP_SECONDS;
    load.metrics.put("media server", ServerPlaces.MEDIA_METRICS);
    return load;
  }

  /** Until it is interrupted. */
  private static void collect(FlightRecording recording) {
    try {
      while (true) {
        TimeUnit.SECONDS.sleep(COLLECT_EACH_SECONDS);
        recording.collect();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // Then there are fewer collections, and the report tells how many.
      return;
    }
  }

  private static void judge(Pauses pauses, LateTicks lateTicks, Report report) {
    report.atLeast("collections", (double) pauses.collections(), 1, "");
    report.tell("collector's pauses", Integer.toString(pauses.collectorPauses().size()));
    report.atMost(
        "collector's longest pause",
        pauses.longestCollectorPauseMs() * MICROS_PER_MS,
        PAUSE_LIMIT_MS * MICROS_PER_MS,
        "us");
    report.tell("longest way to such a standstill", ms(pauses.longestToStandstillMs()));
    report.tell("longest standstill for other reasons", ms(pauses.longestOtherMs()));
    report.tell("ticks over 5 ms late", Long.toString(lateTicks.count()));
    Duration limit = Duration.ofNanos((long) (PAUSE_LIMIT_MS * NANOS_PER_MS));
    report.atMost(
        "ticks late because of a pause",
        (double) lateTicks.countIf((from, to) -> pauses.collectorStopped(from, to, limit)),
        0,
        "");
  }

  private static String ms(double ms) {
    return Double.isNaN(ms) ? "not measured" : String.format(Locale.ROOT, "%.2f ms", ms);
  }
}
