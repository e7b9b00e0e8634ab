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
 * What a request costs session nodes: a load, through haproxy, on one node and on two in turn, and
 * half of it on one: each request costs a node the more the less it has to do, be there others or
 * not. So two are compared with one that has as much to do as each of them, and with one that has
 * as much as both. Counted is the processor time of the nodes' own processes, as the kernel
 * accounts it, whatever they do beside requests included. What they share is DynamoDB Local and
 * Redis, whose time is not counted: an emulator's says nothing. One thread.
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
  private final int rounds;
  private final Duration compiling;
  private final Duration warmUp;
  private final Duration time;
  private final List<Double> halfUs = new ArrayList<>();
  private final List<Double> aloneUs = new ArrayList<>();
  private final List<Double> togetherUs = new ArrayList<>();
  private final List<Double> smallerShares = new ArrayList<>();

  NodeCostRows(Report report, boolean isQuick) {
    this.report = report;
    this.rounds = isQuick ? 1 : 3;
    this.compiling = Duration.ofSeconds(isQuick ? 10 : 90);
    this.warmUp = Duration.ofSeconds(isQuick ? 4 : 10);
    this.time = Duration.ofSeconds(isQuick ? 8 : 20);
  }

  void run(Path folder) throws Exception {
    try (Deployment deployment = new Deployment(folder, Deployment.Patience.LONG);
        AwakeProcessors _ = new AwakeProcessors(LONGEST)) {
      Deployment.Node one = deployment.node("one");
      compile(deployment, one);
      alone(deployment, one);
      Deployment.Node two = deployment.node("two");
      compile(deployment, two);
      measure(deployment, List.of(one, two), PER_SEC, togetherUs);
      two.process().close();
      alone(deployment, one);
    }
    // One alone was measured before and after: what drifts is in both.
    double half = mean(halfUs);
    double alone = mean(aloneUs);
    double together = mean(togetherUs);
    report.tell("processor time of a request, one node, 75/s", figures(half, halfUs));
    report.tell("processor time of a request, one node, 150/s", figures(alone, aloneUs));
    report.tell("processor time of a request, two nodes, 150/s", figures(together, togetherUs));
    report.atMost(
        "two nodes' as against one's that has half of it to do" + COUNTED,
        100 * together / half,
        MORE_PERCENT,
        "%");
    report.atMost(
        "two nodes' as against one's that has all of it to do" + COUNTED,
        100 * together / alone,
        MORE_PERCENT,
        "%");
    report.atLeast(
        "of two nodes' time, that of the one with less",
        smallerShares.stream().mapToDouble(share -> share).min().orElse(Double.NaN),
        SHARE_PERCENT,
        "%");
  }

  private void alone(Deployment deployment, Deployment.Node node) throws Exception {
    measure(deployment, List.of(node), PER_SEC / 2, halfUs);
    measure(deployment, List.of(node), PER_SEC, aloneUs);
  }

  private static double mean(List<Double> all) {
    return all.stream().mapToDouble(us -> us).average().orElse(Double.NaN);
  }

  /** A node runs for days: what its first minute costs is not what it costs. */
  private void compile(Deployment deployment, Deployment.Node node) throws Exception {
    report.step("the code of another node is compiled, " + compiling.toSeconds() + " s");
    JsonNode _ = measured(deployment, List.of(node), PER_SEC, compiling, new Costs());
  }

  private void measure(
      Deployment deployment, List<Deployment.Node> nodes, int perSec, List<Double> us)
      throws Exception {
    for (int round = 1; round <= rounds; round++) {
      report.step(
          "a request's cost, nodes: %d, %d/s, %d of %d"
              .formatted(nodes.size(), perSec, round, rounds));
      Costs costs = new Costs();
      JsonNode result = measured(deployment, nodes, perSec, warmUp, costs);
      us.add(costs.sumUs / result.path("count").asDouble());
      if (nodes.size() > 1) {
        smallerShares.add(100 * costs.leastUs / costs.sumUs);
      }
      result
          .path("failures")
          .properties()
          .forEach(failure ->
              report.check(
                  "a request's cost: " + failure.getKey(), false, failure.getValue() + " times"));
    }
  }

  /** Processor time of the nodes, together and of the one that used least. */
  private static final class Costs {
    private double sumUs;
    private double leastUs = Double.MAX_VALUE;
  }

  private JsonNode measured(
      Deployment deployment, List<Deployment.Node> nodes, int perSec, Duration untimed, Costs costs)
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
      for (int i = 0; i < nodes.size(); i++) {
        double usedUs = after.get(i).minus(before.get(i)).toNanos() / 1e3;
        costs.sumUs += usedUs;
        costs.leastUs = Math.min(costs.leastUs, usedUs);
      }
      return result;
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

  private static String figures(double mean, List<Double> each) {
    String single =
        String.join(", ", each.stream().map(us -> Long.toString(Math.round(us))).toList());
    return String.format(Locale.ROOT, "%.0f µs (%s)", mean, single);
  }
}
