package dev.parley.systemtests.show.peers;

import dev.parley.benchmarks.LoadOptions;
import dev.parley.benchmarks.LoadResult;
import dev.parley.benchmarks.LoadRun;
import dev.parley.systemtests.show.Demonstration;
import dev.parley.systemtests.show.ParleyUp;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ServerNamespace;
import dev.parley.systemtests.show.ShowOptions;
import dev.parley.systemtests.show.load.LargePages;
import dev.parley.systemtests.show.load.ServerPlaces;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parley and Debian's Janus under the same clients in the same pair of network namespaces, turn by
 * turn: what a mixed participant and a forwarded packet cost each in processor time.
 */
public final class PeersDemonstration implements Demonstration {
  private static final int ROUNDS = 3;

  /** A virtual machine compiles what it does often while it does it; Janus has been compiled. */
  private static final int PARLEY_WARM_UP_SECONDS = 12;

  private static final int PARLEY_QUICK_WARM_UP_SECONDS = 25;
  private static final int JANUS_WARM_UP_SECONDS = 2;
  private static final Duration LENGTH = Duration.ofSeconds(12);
  private static final Duration QUICK_LENGTH = Duration.ofSeconds(8);

  /** Both do the same for a forwarded packet, most of it in the kernel and the cipher. */
  private static final double AHEAD = 1;

  /**
   * Janus encodes once for each participant, Parley once for each talker and once for all others:
   * with three talkers that is 10 against 4 in a room of ten, where being ahead must do, and 25
   * against 4 in a larger one.
   */
  private static final double TWICE_AHEAD = 2;

  /** Below it a server is saving what it owes: 50 are due to each. */
  private static final double PER_PERSON_PER_SECOND_MIN = 45;

  private static final PeerWork ROOM_OF_25 = new PeerWork(PeerWork.Kind.MIX, 25, TWICE_AHEAD);

  private static final List<PeerWork> ALL =
      List.of(
          new PeerWork(PeerWork.Kind.MIX, 10, AHEAD),
          ROOM_OF_25,
          new PeerWork(PeerWork.Kind.MIX, 50, TWICE_AHEAD),
          new PeerWork(PeerWork.Kind.FORWARD, 100, AHEAD));
  private static final List<PeerWork> QUICK = List.of(ROOM_OF_25);

  /** The services must be reached from the clients' namespace, in which nobody else is. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "PARLEY_HTTP_ADDRESS", ServerNamespace.ADDRESS,
          "PARLEY_OPEN_ROOMS_ANYWHERE", "true",
          "PARLEY_ADMIN_ADDRESS", "0.0.0.0");

  private static final URI PARLEY = URI.create("http://" + ServerNamespace.ADDRESS + ":7880");
  private static final URI PARLEY_METRICS =
      URI.create("http://" + ServerNamespace.ADDRESS + ":7891/metrics");

  /** Both servers' samples of one work. */
  private record Comparison(PeerSamples parley, PeerSamples janus) {
    static Comparison of(PeerWork work) {
      return new Comparison(new PeerSamples(work), new PeerSamples(work));
    }
  }

  @Override
  public String name() {
    return "peers";
  }

  @Override
  public String proves() {
    return "mixing for 25 and more costs Parley at most half of what it costs Janus, forwarding no more";
  }

  @Override
  public String help() {
    return """
      --plot FILE   where the chart of a full run is written (default .parley/peers.svg)
    Janus is Debian's package, set up by system-tests/janus. A full run measures three rounds, turn by turn,
    and gives medians; it takes ten minutes. --quick is one round of one mixed room. Processor time is the
    operating system's account of the servers' processes (Parley: both of its services), without joins and
    warm-up.\
    """;
  }

  @Override
  public void run(ShowOptions options, Report report) throws Exception {
    Path data = Files.createTempDirectory("parley-peers");
    Map<PeerWork, Comparison> comparisons = new LinkedHashMap<>();
    try (LargePages _ = LargePages.grant(report);
        ServerNamespace servers = ServerNamespace.open();
        JanusUp janus = JanusUp.start(options.root(), servers);
        ParleyUp _ = ParleyUp.start(options.root(), data, SETTINGS, servers.entering())) {
      report.step("Parley at " + PARLEY + " and Janus " + janus.version() + " at " + janus.api());
      int rounds = options.quick() ? 1 : ROUNDS;
      for (int round = 0; round < rounds; round++) {
        for (PeerWork work : options.quick() ? QUICK : ALL) {
          Comparison comparison = comparisons.computeIfAbsent(work, Comparison::of);
          // Who goes first changes with the round, lest a machine that tires favours one of them.
          for (boolean isParley : List.of(round % 2 == 0, round % 2 != 0)) {
            report.step(
                work.title() + ", " + (isParley ? "Parley" : "Janus") + ", round " + (round + 1));
            if (isParley) {
              comparison.parley().add(parley(work, round, data, options, report));
            } else {
              comparison.janus().add(janus(work, janus, options, report));
            }
          }
        }
      }
      report.note(
          "Janus "
              + janus.version()
              + ", Java "
              + System.getProperty("java.version")
              + ", Linux "
              + System.getProperty("os.version")
              + ", "
              + Runtime.getRuntime().availableProcessors()
              + " processors, the clients' among them.");
    } finally {
      ServerPlaces.delete(data);
    }
    comparisons.forEach((work, comparison) -> judge(work, comparison, report));
    if (!options.quick()) {
      Path plot = options.root().resolve(options.text("--plot", ".parley/peers.svg"));
      Files.createDirectories(plot.toAbsolutePath().getParent());
      Files.writeString(plot, chart(comparisons).svg());
      report.note("The chart is in " + plot + ".");
    }
  }

  private static LoadResult parley(
      PeerWork work, int round, Path data, ShowOptions options, Report report) throws Exception {
    LoadOptions load = work.ofParley();
    load.url = PARLEY;
    load.keyFile = ServerPlaces.serverKey(data);
    load.seed = round + 1L;
    load.warmUpSeconds = options.quick() ? PARLEY_QUICK_WARM_UP_SECONDS : PARLEY_WARM_UP_SECONDS;
    load.pids.put("media server", ServerPlaces.mediaServerPid());
    load.pids.put("session service", ServerPlaces.sessionServicePid());
    load.metrics.put("media server", PARLEY_METRICS);
    LoadResult result = measure(load, options);
    result
        .faults()
        .forEach(fault -> report.check(work.title() + ", Parley: " + fault, false, "no"));
    return result;
  }

  private static LoadResult janus(PeerWork work, JanusUp janus, ShowOptions options, Report report)
      throws Exception {
    LoadOptions load = work.ofJanus();
    load.url = janus.api();
    load.warmUpSeconds = JANUS_WARM_UP_SECONDS;
    load.pids.put("janus", janus.pid());
    LoadResult result = measure(load, options);
    // A server that serves fewer than it was asked to costs less than it ought to.
    if (result.joinMs().getTotalCount() < result.participants()) {
      report.check(work.title() + ", Janus: all joined", false, "no");
    }
    result.faults().forEach(fault -> report.note(work.title() + ", Janus: " + fault));
    return result;
  }

  private static LoadResult measure(LoadOptions load, ShowOptions options) throws Exception {
    PrintStream progress = options.json() ? System.err : System.out;
    return new LoadRun(load, options.quick() ? QUICK_LENGTH : LENGTH, false, progress).run();
  }

  private static void judge(PeerWork work, Comparison comparison, Report report) {
    report.tell(work.title() + ": Parley", comparison.parley().words());
    report.tell(work.title() + ": Janus", comparison.janus().words());
    report.atLeast(
        work.title() + ": Janus by Parley",
        comparison.janus().cost() / comparison.parley().cost(),
        work.timesCheaper(),
        "times");
    report.atLeast(
        work.title() + ": packets/s each, the lesser of both",
        Math.min(comparison.parley().perPersonPerSecond(), comparison.janus().perPersonPerSecond()),
        PER_PERSON_PER_SECOND_MIN,
        "");
  }

  private static CostChart chart(Map<PeerWork, Comparison> comparisons) {
    CostChart chart =
        new CostChart(
            "Processor time of the same work: Parley and Janus",
            "Median of " + ROUNDS + " rounds, the same clients, one machine; less is better");
    for (PeerWork.Kind kind : PeerWork.Kind.values()) {
      List<CostChart.Group> groups =
          comparisons.entrySet().stream()
              .filter(entry -> entry.getKey().kind() == kind)
              .map(entry ->
                  new CostChart.Group(
                      entry.getKey().title(),
                      entry.getValue().parley().cost(),
                      entry.getValue().janus().cost()))
              .toList();
      chart.add(new CostChart.Panel(kind.words() + ": " + kind.unit(), groups));
    }
    return chart;
  }
}
