package dev.parley.systemtests.show.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.systemtests.nodes.Deployment;
import dev.parley.systemtests.show.Report;
import dev.parley.testsupport.HaProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a request costs session nodes: the same load, through haproxy, on one node and on two, in
 * turns. Counted is the processor time of the nodes' own processes, as the kernel accounts it,
 * whatever they do beside requests included. What they share is DynamoDB Local and Redis, whose
 * time is not counted: an emulator's says nothing. One thread.
 *
 * <p>Each turn measures both, and one node that has half of the load, as each of two has, close to
 * each other, and only what they differ by counts: what a machine does for its other guests changes
 * a request's cost by more from minute to minute. It is either node's turn to be the one, so that
 * how well each was compiled does not matter either.
 */
final class NodeCostRows {
  /** What DynamoDB Local takes beside all else on two processors without falling behind. */
  private static final int PER_SEC = 150;

  private static final double MORE_PERCENT = 110;
  private static final Duration LONGEST = Duration.ofMinutes(30);

  private static final String COUNTED =
      " (nodes' own time only; DynamoDB Local, Redis not counted)";

  /** Of the two nodes' time; a balancer that forgets one would make two look like one. */
  private static final double SHARE_PERCENT = 35;

  private final Report report;
  private final int turns;
  private final Duration compiling;
  private final Duration warmUp;
  private final Duration time;
  private final List<Double> aloneUs = new ArrayList<>();
  private final List<Double> halfUs = new ArrayList<>();
  private final List<Double> togetherUs = new ArrayList<>();
  private final List<Double> smallerShares = new ArrayList<>();

  NodeCostRows(Report report, boolean isQuick) {
    this.report = report;
    this.turns = isQuick ? 1 : 8;
    this.compiling = Duration.ofSeconds(isQuick ? 10 : 90);
    this.warmUp = Duration.ofSeconds(isQuick ? 4 : 6);
    this.time = Duration.ofSeconds(isQuick ? 8 : 16);
  }

  void run(Path folder) throws Exception {
    try (Deployment deployment = new Deployment(folder, Deployment.Patience.LONG);
        AwakeProcessors _ = new AwakeProcessors(LONGEST)) {
      List<Deployment.Node> nodes = List.of(deployment.node("one"), deployment.node("two"));
      for (Deployment.Node node : nodes) {
        compile(deployment, node);
      }
      for (int turn = 0; turn < turns; turn++) {
        report.step("a request's cost, turn %d of %d".formatted(turn + 1, turns));
        List<Deployment.Node> one = List.of(nodes.get(turn % nodes.size()));
        // Neither is always the first of its turn.
        boolean isOneFirst = turn / nodes.size() % 2 == 0;
        measure(deployment, isOneFirst ? one : nodes);
        halfUs.add(measured(deployment, one, PER_SEC / 2, warmUp).perRequestUs());
        measure(deployment, isOneFirst ? nodes : one);
      }
    }
    report.tell("processor time of a request, one node, 150/s", figures(aloneUs));
    report.tell("processor time of a request, one node, 75/s", figures(halfUs));
    report.tell("processor time of a request, two nodes, 150/s", figures(togetherUs));
    judge("two nodes' as against one's that has as much as each", halfUs);
    judge("two nodes' as against one's that has as much as both", aloneUs);
    report.atLeast(
        "of two nodes' time, that of the one with less",
        smallerShares.stream().mapToDouble(share -> share).min().orElse(Double.NaN),
        SHARE_PERCENT,
        "%");
  }

  private void judge(String what, List<Double> oneUs) {
    List<Double> ratios = new ArrayList<>();
    for (int turn = 0; turn < turns; turn++) {
      ratios.add(100 * togetherUs.get(turn) / oneUs.get(turn));
    }
    report.tell(what + ", each turn, %", each(ratios));
    report.atMost(what + ", median" + COUNTED, median(ratios), MORE_PERCENT, "%");
  }

  private static double median(List<Double> all) {
    List<Double> sorted = all.stream().sorted().toList();
    int size = sorted.size();
    return (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
  }

  /** A node runs for days: what its first minute costs is not what it costs. */
  private void compile(Deployment deployment, Deployment.Node node) throws Exception {
    report.step("the code of another node is compiled, " + compiling.toSeconds() + " s");
    Costs _ = measured(deployment, List.of(node), PER_SEC, compiling);
  }

  private void measure(Deployment deployment, List<Deployment.Node> nodes) throws Exception {
    Costs costs = measured(deployment, nodes, PER_SEC, warmUp);
    (nodes.size() > 1 ? togetherUs : aloneUs).add(costs.perRequestUs());
    if (nodes.size() > 1) {
      smallerShares.add(100 * costs.leastUs / costs.sumUs);
    }
  }

  /**
   * Processor time of the nodes, together and of the one that used least.
   *
   * @param requests how many they answered
   */
  private record Costs(double sumUs, double leastUs, double requests) {
    double perRequestUs() {
      return sumUs / requests;
    }
  }

  private Costs measured(
      Deployment deployment, List<Deployment.Node> nodes, int perSec, Duration untimed)
      throws Exception {
    try (HaProxy balancer = deployment.balancer(nodes);
        LoadProcess load =
            new LoadProcess(
                ApiLoad.class,
                LoadProcess.GENERATOR,
                List.of(
                    "MIXED",
                    "http://127.0.0.1:" + balancer.port(),
                    "http://127.0.0.1:" + nodes.getFirst().adminPort(),
                    Integer.toString(perSec),
                    Long.toString(untimed.toMillis()),
                    Long.toString(time.toMillis())))) {
      load.await("timed");
      List<Duration> before = processorTimes(nodes);
      JsonNode result = load.result();
      List<Duration> after = processorTimes(nodes);
      double sumUs = 0;
      double leastUs = Double.MAX_VALUE;
      for (int i = 0; i < nodes.size(); i++) {
        double usedUs = after.get(i).minus(before.get(i)).toNanos() / 1e3;
        sumUs += usedUs;
        leastUs = Math.min(leastUs, usedUs);
      }
      result
          .path("failures")
          .properties()
          .forEach(failure ->
              report.check(
                  "a request's cost: " + failure.getKey(), false, failure.getValue() + " times"));
      return new Costs(sumUs, leastUs, result.path("count").asDouble());
    }
  }

  private static List<Duration> processorTimes(List<Deployment.Node> nodes) throws IOException {
    List<Duration> times = new ArrayList<>();
    for (Deployment.Node node : nodes) {
      times.add(
          node.process()
              .handle()
              .info()
              .totalCpuDuration()
              .orElseThrow(() -> new IOException("the system does not tell processor times")));
    }
    return times;
  }

  private static String figures(List<Double> us) {
    return String.format(Locale.ROOT, "%.0f µs (%s)", median(us), each(us));
  }

  private static String each(List<Double> all) {
    return String.join(", ", all.stream().map(us -> Long.toString(Math.round(us))).toList());
  }
}
