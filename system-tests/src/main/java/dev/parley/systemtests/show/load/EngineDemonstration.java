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
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a participant, and a packet, cost the media server in processor time; then what they wait.
 */
public final class EngineDemonstration implements Demonstration {
  private static final String MEDIA_SERVER = "media server";
  private static final int JOINS_PER_SECOND = 25;
  private static final int QUICK_JOINS_PER_SECOND = 50;
  private static final int WARM_UP_SECONDS = 90;
  private static final int QUICK_WARM_UP_SECONDS = 6;

  /** Intervals whose median is the figure. */
  private static final int INTERVALS = 5;

  private static final int INTERVAL_SECONDS = 10;
  private static final int QUICK_INTERVAL_SECONDS = 2;
  private static final int FLOOR_SECONDS = 10;
  private static final int QUICK_FLOOR_SECONDS = 2;
  private static final int IDLE_SECONDS = 20;
  private static final double IDLE_LIMIT_PERCENT = 1;

  private static final double GROWTH_LIMIT = 1.2;
  private static final String PARTICIPANTS_MAX = "2000";

  @Override
  public String name() {
    return "engine";
  }

  @Override
  public String proves() {
    return "what a mixed participant and a forwarded packet cost in processor time, beside the targets";
  }

  @Override
  public String help() {
    return """
    Processor time is the operating system's account of the media server's process, without joins and
    warm-up, the median of five intervals. The clients are our own, on the same machine: in a mixed room
    everybody sends a packet each 20 ms, who is forwarded packets only listens. The floor beside a
    figure is a C program (benchmarks/floor) that does nothing but the cipher's, the codec's and the
    kernel's part of the same work, run before it. Without --quick the rows of ./parley show delay follow;
    ./parley show pauses takes ten minutes more.\
    """;
  }

  @Override
  public void run(ShowOptions options, Report report) throws Exception {
    Path data = Files.createTempDirectory("parley-engine");
    try (LargePages _ = LargePages.grant(report);
        ParleyUp parley =
            ParleyUp.start(
                options.root(), data, Map.of("PARLEY_PARTICIPANTS_MAX", PARTICIPANTS_MAX))) {
      Floor floor = new Floor(options.root(), data);
      Map<Integer, Double> usByListeners = new HashMap<>();
      int seed = 1;
      for (EngineWork work : options.quick() ? EngineWork.QUICK : EngineWork.ALL) {
        report.step(work.title());
        double least = floor(floor, work, options.quick());
        LoadOptions load = load(work, options.quick());
        load.url = URI.create(parley.url());
        load.keyFile = ServerPlaces.serverKey(data);
        load.seed = seed++;
        LoadRun run =
            new LoadRun(
                load,
                Duration.ofSeconds((long) INTERVALS * load.intervalSeconds),
                false,
                options.json() ? System.err : System.out);
        double used = judge(work, run.run(), least, report);
        if (work.talkers() == 1 && work.rooms() == 1) {
          usByListeners.put(work.listeners(), used);
        }
      }
      if (!options.quick()) {
        report.atMost(
            "a packet to one of 1000, as a multiple of one to 200",
            usByListeners.getOrDefault(1000, Double.NaN)
                / usByListeners.getOrDefault(200, Double.NaN),
            GROWTH_LIMIT,
            "");
        judgeIdle(report);
      }
    } finally {
      ServerPlaces.delete(data);
    }
    if (!options.quick()) {
      new DelayDemonstration().run(options, report);
    }
  }

  private static LoadOptions load(EngineWork work, boolean quick) {
    LoadOptions load = new LoadOptions();
    load.participants = work.participants();
    load.rooms = work.rooms();
    load.talkers = work.talkers();
    load.mixed = work.isMix() ? work.participants() : 0;
    load.slots = Math.max(1, work.slots());
    load.quietIntervalMs = work.sendingMs();
    int joinsPerSecond = quick ? QUICK_JOINS_PER_SECOND : JOINS_PER_SECOND;
    load.joinSeconds = Math.max(1, (double) work.participants() / joinsPerSecond);
    load.warmUpSeconds = quick ? QUICK_WARM_UP_SECONDS : WARM_UP_SECONDS;
    load.intervalSeconds = quick ? QUICK_INTERVAL_SECONDS : INTERVAL_SECONDS;
    load.pids.put(MEDIA_SERVER, ServerPlaces.mediaServerPid());
    load.metrics.put(MEDIA_SERVER, ServerPlaces.MEDIA_METRICS);
    return load;
  }

  /** What the work costs at least, in the unit of its target, or 0 if nothing shows it. */
  private static double floor(Floor floor, EngineWork work, boolean quick)
      throws IOException, InterruptedException {
    if (work.floorHeard() == 0) {
      return 0;
    }
    int seconds = quick ? QUICK_FLOOR_SECONDS : FLOOR_SECONDS;
    return work.isMix()
        ? floor.mix(work.participants(), work.floorHeard(), seconds)
        : floor.forward(work.listeners(), seconds);
  }

  private static double judge(EngineWork work, LoadResult result, double floor, Report report) {
    LoadResult.Processor processor = result.processor().get(MEDIA_SERVER);
    String title = work.title();
    if (processor == null) {
      report.check(title + ": processor time", false, "unknown");
      return Double.NaN;
    }
    double used = work.isMix() ? processor.msPerParticipantSecond() : processor.usPerPacket();
    String unit = work.isMix() ? "ms" : "us";
    String name = title + (work.isMix() ? ": a participant-second" : ": a packet");
    if (Double.isNaN(work.target())) {
      report.tell(name, String.format(Locale.ROOT, "%.2f %s", used, unit));
    } else {
      report.atMost(name, used, Floor.limit(work.target(), floor), unit);
    }
    if (floor > 0) {
      report.tell(title + ": the floor", String.format(Locale.ROOT, "%.2f %s", floor, unit));
    }
    report.atLeast(
        title + ": joined", (double) result.joinMs().getTotalCount(), result.participants(), "");
    report.atMost(title + ": packets lost", (double) result.figures().lost(), 0, "");
    if (!work.isMix()) {
      report.tell(title + ": delay", delay(result));
    }
    result.faults().forEach(fault -> report.check(title + ": " + fault, false, "no"));
    return used;
  }

  /** After the last load, whose conferences are still there, with nobody in them. */
  private static void judgeIdle(Report report) throws Exception {
    report.step("idle, with 100 conferences that everybody has left");
    long pid = ServerPlaces.mediaServerPid();
    Duration before = ServerPlaces.processorTime(pid);
    TimeUnit.SECONDS.sleep(IDLE_SECONDS);
    Duration used = ServerPlaces.processorTime(pid).minus(before);
    report.atMost(
        "idle: share of a processor",
        100.0 * used.toMillis() / TimeUnit.SECONDS.toMillis(IDLE_SECONDS),
        IDLE_LIMIT_PERCENT,
        "%");
  }

  private static String delay(LoadResult result) {
    return String.format(
        Locale.ROOT,
        "50 %% %.2f, 99 %% %.2f ms",
        result.figures().latencyUs().getValueAtPercentile(50) / 1_000.0,
        result.figures().latencyUs().getValueAtPercentile(99) / 1_000.0);
  }
}
