package dev.parley.systemtests.show.load;

import dev.parley.benchmarks.LoadOptions;
import dev.parley.benchmarks.LoadResult;
import dev.parley.benchmarks.LoadRun;
import dev.parley.benchmarks.client.PacketWatch;
import dev.parley.benchmarks.delay.ForwardDelay;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ShowOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Rows about the delay of a forwarded packet: at half the listeners at which packets are lost, and
 * what an echo without a server takes. Rooms have one talker each, whose packets are spread over
 * the 20 ms; in one large room the last listener's packet waits for all others'. One thread.
 */
final class ForwardDelayRows {
  private static final double TARGET_50_US = 100;
  private static final double TARGET_99_US = 1_000;
  private static final double TARGET_999_US = 5_000;

  private static final int ROOM_SIZE = 10;
  private static final int QUICK_ROOMS = 5;
  private static final int FIRST_ROOMS = 10;
  private static final int ROOMS_MAX = 160;
  private static final int PARTICIPANTS_MAX = 1_600;

  private static final int JOINS_PER_SECOND = 25;
  private static final int WARM_UP_SECONDS = 10;
  private static final int QUICK_WARM_UP_SECONDS = 8;
  private static final int SEARCH_SECONDS = 5;
  private static final int SECONDS = 30;
  private static final int QUICK_SECONDS = 8;
  private static final int PACKETS_PER_SECOND = 50;
  private static final double LEAST_OF_DUE = 0.9;

  private final ShowOptions options;
  private final Report report;
  private final String url;
  private final Path data;
  private final Processors processors;
  private final int roomSize;
  private final int roomsMax;
  private int seed = 1;

  ForwardDelayRows(
      ShowOptions options, Report report, String url, Path data, Processors processors) {
    this.options = options;
    this.report = report;
    this.url = url;
    this.data = data;
    this.processors = processors;
    this.roomSize = Math.clamp(options.number("--room-size", ROOM_SIZE), 2, PARTICIPANTS_MAX);
    this.roomsMax = Math.min(options.number("--rooms-max", ROOMS_MAX), PARTICIPANTS_MAX / roomSize);
  }

  void measure() throws Exception {
    int rooms = options.quick() ? Math.min(QUICK_ROOMS, roomsMax) : halfOfWhatLoses();
    int seconds = options.quick() ? QUICK_SECONDS : SECONDS;
    report.step("a bare echo of " + rooms * PACKETS_PER_SECOND + " packets a second");
    Floor.Delay echo =
        new Floor(options.root(), data)
            .echo(processors.servers(), processors.clients(), rooms * PACKETS_PER_SECOND, seconds);
    report.step(
        "packets forwarded in " + rooms + " rooms, 1 talker to " + (roomSize - 1) + " in each");
    ForwardDelay delay = new ForwardDelay(rooms, rooms * roomSize);
    LoadResult result = load(rooms, seconds, delay);
    report.tell("forwarded: listeners", Integer.toString(rooms * (roomSize - 1)));
    report.atMost("forwarded: packets lost", (double) result.figures().lost(), 0, "");
    result.faults().forEach(fault -> report.check("forwarded: " + fault, false, "no"));
    judge(delay.delayNs(), echo);
    if (delay.backwards() > 0) {
      report.note(delay.backwards() + " packets are not measured: the clock was set meanwhile.");
    }
  }

  private void judge(Histogram delayNs, Floor.Delay echo) {
    report.tell("forwarded: packets measured", Long.toString(delayNs.getTotalCount()));
    judge("50 %", us(delayNs, 50), TARGET_50_US, echo.us50());
    judge("99 %", us(delayNs, 99), TARGET_99_US, echo.us99());
    judge("99.9 %", us(delayNs, 99.9), TARGET_999_US, echo.us999());
  }

  private void judge(String part, double us, double targetUs, double echoUs) {
    report.atMost("forwarded: added delay, " + part, us, Floor.limit(targetUs, echoUs), "us");
    report.tell("bare echo, " + part, String.format(Locale.ROOT, "%.1f us", echoUs));
  }

  private static double us(Histogram delayNs, double percentile) {
    return delayNs.getTotalCount() == 0
        ? Double.NaN
        : delayNs.getValueAtPercentile(percentile) / 1_000.0;
  }

  /** Rooms of half the listeners at which the first packet is lost, or of half the most tried. */
  private int halfOfWhatLoses() throws Exception {
    for (int rooms = Math.min(FIRST_ROOMS, roomsMax); ; rooms = Math.min(2 * rooms, roomsMax)) {
      int listeners = rooms * (roomSize - 1);
      report.step("looking for loss: " + listeners + " listeners");
      LoadResult result = load(rooms, SEARCH_SECONDS, PacketWatch.NONE);
      if (loses(result, listeners)) {
        report.tell("forwarded: listeners at which loss begins", Integer.toString(listeners));
        result.faults().forEach(fault -> report.note("With " + listeners + ": " + fault + "."));
        return Math.max(1, rooms / 2);
      }
      if (rooms == roomsMax) {
        report.tell("forwarded: listeners at which loss begins", "more than " + listeners);
        return Math.max(1, rooms / 2);
      }
    }
  }

  /**
   * Whether packets are missing, or far fewer came than were due; a few may come later than they
   * are counted, for our clients are late themselves on a busy machine.
   */
  private static boolean loses(LoadResult result, int listeners) {
    double due = (double) PACKETS_PER_SECOND * listeners;
    return result.figures().lost() > 0
        || result.figures().reportedLost() > 0
        || result.joinMs().getTotalCount() < result.participants()
        || result.receivedPerSecond() < LEAST_OF_DUE * due;
  }

  private LoadResult load(int rooms, int seconds, PacketWatch watch) throws Exception {
    LoadOptions load = new LoadOptions();
    load.url = URI.create(url);
    load.keyFile = ServerPlaces.serverKey(data);
    load.seed = seed++;
    load.rooms = rooms;
    load.participants = rooms * roomSize;
    load.talkers = 1;
    load.slots = 1;
    load.mixed = 0;
    load.quietIntervalMs = 0;
    load.isPunctual = true;
    load.joinSeconds = (double) load.participants / JOINS_PER_SECOND;
    load.warmUpSeconds = options.quick() ? QUICK_WARM_UP_SECONDS : WARM_UP_SECONDS;
    load.intervalSeconds = seconds;
    load.metrics.put("media server", ServerPlaces.MEDIA_METRICS);
    load.watch = watch;
    return new LoadRun(
            load, Duration.ofSeconds(seconds), false, options.json() ? System.err : System.out)
        .run();
  }
}
