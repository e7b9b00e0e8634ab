package dev.parley.systemtests.show.load;

import dev.parley.benchmarks.LoadOptions;
import dev.parley.benchmarks.LoadResult;
import dev.parley.benchmarks.LoadRun;
import dev.parley.systemtests.show.Demonstration;
import dev.parley.systemtests.show.ParleyUp;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ShowOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** A conference of our own Java clients over real UDP for an hour: no packet lost, memory flat. */
public final class SoakDemonstration implements Demonstration {
  private static final int MINUTES = 60;
  private static final int PARTICIPANTS = 20;
  private static final int QUICK_PARTICIPANTS = 8;
  private static final Duration QUICK = Duration.ofSeconds(40);
  private static final long MEBI = 1L << 20;

  @Override
  public String name() {
    return "soak";
  }

  @Override
  public String proves() {
    return "a long call over loopback loses no packet and the servers' memory stays flat";
  }

  @Override
  public String help() {
    return """
      --minutes N        how long, after all have joined (default 60)
      --participants N   how many talk and listen, a quarter of them to a mix (default 20)
    Memory is judged from four minutes on; a shorter run only tells it.\
    """;
  }

  @Override
  public void run(ShowOptions options, Report report) throws Exception {
    LoadOptions load = new LoadOptions();
    load.participants =
        options.number("--participants", options.quick() ? QUICK_PARTICIPANTS : PARTICIPANTS);
    load.mixed = Math.max(1, load.participants / 4);
    Duration length =
        options.quick() ? QUICK : Duration.ofMinutes(options.number("--minutes", MINUTES));
    Path data = Files.createTempDirectory("parley-soak");
    try (ParleyUp parley = ParleyUp.start(options.root(), data)) {
      load.url = URI.create(parley.url());
      load.pids.put("media server", ServerPlaces.mediaServerPid());
      load.pids.put("session service", ServerPlaces.sessionServicePid());
      load.metrics.put("media server", ServerPlaces.MEDIA_METRICS);
      load.metrics.put("session service", ServerPlaces.SESSION_METRICS);
      report.step(load.participants + " participants for " + length.toSeconds() + " s");
      judge(
          new LoadRun(load, length, true, options.json() ? System.err : System.out).run(), report);
    } finally {
      ServerPlaces.delete(data);
    }
  }

  private static void judge(LoadResult result, Report report) {
    report.atLeast(
        "participants connected",
        (double) result.joinMs().getTotalCount(),
        result.participants(),
        "");
    report.tell("packets sent", Long.toString(result.figures().sent()));
    report.atLeast("packets received", (double) result.figures().received(), 1, "");
    report.atMost("packets lost on the way to clients", (double) result.figures().lost(), 0, "");
    report.atMost(
        "packets lost on the way to the server", (double) result.figures().reportedLost(), 0, "");
    report.tell(
        "delay of a forwarded packet, median",
        millis(result.figures().latencyUs().getValueAtPercentile(50)));
    report.tell(
        "delay, 99th percentile", millis(result.figures().latencyUs().getValueAtPercentile(99)));
    report.tell("packets over 60 ms late", Long.toString(result.late()));
    report.tell(
        "our clients' own lateness, 99 %",
        millis(result.generatorLateUs().getValueAtPercentile(99)));
    result
        .memory()
        .forEach((name, memory) ->
            report.tell(
                name, memory.beforeBytes() / MEBI + " -> " + memory.afterBytes() / MEBI + " MiB"));
    result.faults().forEach(fault -> report.check(fault, false, "no"));
  }

  private static String millis(long micros) {
    return String.format(Locale.ROOT, "%.1f ms", micros / 1_000.0);
  }
}
