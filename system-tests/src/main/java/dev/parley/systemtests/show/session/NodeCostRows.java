package dev.parley.systemtests.show.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.systemtests.nodes.Deployment;
import dev.parley.systemtests.show.Report;
import dev.parley.testsupport.HaProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

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
  private final List<Costs> alone = new ArrayList<>();
  private final List<Costs> half = new ArrayList<>();
  private final List<Costs> together = new ArrayList<>();

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
        half.add(measured(deployment, one, PER_SEC / 2, warmUp));
        measure(deployment, isOneFirst ? nodes : one);
      }
    }
    report.tell("processor time of a request, one node, 150/s", figures(alone));
    report.tell("processor time of a request, one node, 75/s", figures(half));
    report.tell("processor time of a request, two nodes, 150/s", figures(together));
    judge("two nodes' as against one's that has as much as each", half);
    judge("two nodes' as against one's that has as much as both", alone);
    control("a node's request at 75/s as against 150/s", Costs::perRequestUs);
    control("Redis' part of it", costs -> costs.redisUs / costs.requests);
    control("DynamoDB Local's part of it", costs -> costs.storeUs / costs.requests);
    report.atLeast(
        "of two nodes' time, that of the one with less",
        together.stream().mapToDouble(Costs::leastPercent).min().orElse(Double.NaN),
        SHARE_PERCENT,
        "%");
  }

  private void judge(String what, List<Costs> one) {
    List<Double> ratios = percents(together, one, Costs::perRequestUs);
    report.tell(what + ", each turn, %", each(ratios));
    report.atMost(what + ", median" + COUNTED, median(ratios), MORE_PERCENT, "%");
  }

  /** What having less to do costs on this machine, whoever does it. */
  private void control(String what, ToDoubleFunction<Costs> cost) {
    List<Double> ratios = percents(half, alone, cost);
    report.tell(what, "%.0f %% (%s)".formatted(median(ratios), each(ratios)));
  }

  private List<Double> percents(
      List<Costs> some, List<Costs> others, ToDoubleFunction<Costs> cost) {
    List<Double> ratios = new ArrayList<>();
    for (int turn = 0; turn < turns; turn++) {
      ratios.add(100 * cost.applyAsDouble(some.get(turn)) / cost.applyAsDouble(others.get(turn)));
    }
    return ratios;
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
    (nodes.size() > 1 ? together : alone).add(measured(deployment, nodes, PER_SEC, warmUp));
  }

  /**
   * Processor time of the nodes, together and of the one that used least, and of what they share.
   *
   * @param requests how many were answered
   */
  private record Costs(
      double sumUs, double leastUs, double redisUs, double storeUs, double requests) {
    double perRequestUs() {
      return sumUs / requests;
    }

    double leastPercent() {
      return 100 * leastUs / sumUs;
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
      List<ProcessHandle> processes = new ArrayList<>();
      nodes.forEach(node -> processes.add(node.process().handle()));
      processes.add(deployment.redis().process());
      processes.add(deployment.store().process());
      List<Duration> before = processorTimes(processes);
      JsonNode result = load.result();
      List<Duration> after = processorTimes(processes);
      double[] us = new double[processes.size()];
      for (int i = 0; i < us.length; i++) {
        us[i] = after.get(i).minus(before.get(i)).toNanos() / 1e3;
      }
      result
          .path("failures")
          .properties()
          .forEach(failure ->
              report.check(
                  "a request's cost: " + failure.getKey(), false, failure.getValue() + " times"));
      DoubleSummaryStatistics used = Arrays.stream(us, 0, nodes.size()).summaryStatistics();
      return new Costs(
          used.getSum(),
          used.getMin(),
          us[nodes.size()],
          us[nodes.size() + 1],
          result.path("count").asDouble());
    }
  }

  private static List<Duration> processorTimes(List<ProcessHandle> processes) throws IOException {
    List<Duration> times = new ArrayList<>();
    for (ProcessHandle process : processes) {
      times.add(
          process
              .info()
              .totalCpuDuration()
              .orElseThrow(() -> new IOException("the system does not tell processor times")));
    }
    return times;
  }

  private static String figures(List<Costs> costs) {
    List<Double> us = costs.stream().map(Costs::perRequestUs).toList();
    return String.format(Locale.ROOT, "%.0f µs (%s)", median(us), each(us));
  }

  private static String each(List<Double> all) {
    return String.join(", ", all.stream().map(us -> Long.toString(Math.round(us))).toList());
  }
}
