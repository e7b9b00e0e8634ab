package dev.parley.systemtests.show.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.systemtests.show.Report;
import dev.parley.testsupport.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The target table, on one node with the embedded store and a real Redis. Each figure is the median
 * of some runs; answers that were no success count as missed targets, too. One thread.
 */
final class TargetRows {
  private static final String ON = " (embedded store, Redis)";
  private static final Duration LINK_ROUND_TRIP = Duration.ofMillis(80);
  private static final int CREATES_PER_SEC = 500;
  private static final int MIXED_PER_SEC = 4_000;
  private static final int COLD_PER_SEC = 1_000;
  private static final int READS_PER_SEC = 500;
  private static final int JOINS_PER_SEC = 10;
  private static final int REDIS_PER_SEC = 500;
  private static final int SOCKETS = 5_000;
  private static final int WATCHERS = 1_000;
  private static final int MUTE_CALLS = 20;
  private static final int MUTES_EACH = 10;

  private static final double CREATE_MS = 25;
  private static final double JOIN_MS = 60;
  private static final double REDIS_MS = 2;
  private static final double MIXED_MS = 50;
  private static final double READ_MS = 9;
  private static final double SOCKETS_MIB = 512;
  private static final double FAN_OUT_MS = 50;
  private static final double MUTE_MS = 150;

  private final Report report;
  private final int runs;
  private final Duration compiling;
  private final Duration warmUp;
  private final Duration time;
  private final int warmUpRounds;

  TargetRows(Report report, boolean isQuick) {
    this.report = report;
    this.runs = isQuick ? 1 : 3;
    this.compiling = Duration.ofSeconds(isQuick ? 30 : 90);
    this.warmUp = Duration.ofSeconds(isQuick ? 4 : 10);
    this.time = Duration.ofSeconds(isQuick ? 4 : 15);
    this.warmUpRounds = isQuick ? 5 : 100;
  }

  void run(Path folder) throws Exception {
    try (OneNode node = node(folder.resolve("near"), OneNode.Collector.Z, Duration.ZERO)) {
      compile(node);
      api(node, "CREATE", CREATES_PER_SEC, "p99", "create a conference, p99 at 500/s", CREATE_MS);
      api(node, "READ", READS_PER_SEC, "p95", "read a conference, p95 at 500/s", READ_MS);
      api(node, "MIXED", MIXED_PER_SEC, "p99", "reads and small writes, p99 at 4,000/s", MIXED_MS);
      api(node, "JOIN", JOINS_PER_SEC, "p95", "join to SDP answer, p95 in region", JOIN_MS);
    }
    redis();
    try (OneNode node = node(folder.resolve("idle"), OneNode.Collector.SERIAL, Duration.ZERO)) {
      sockets(node);
    }
    Duration oneWay = LINK_ROUND_TRIP.dividedBy(2);
    try (OneNode node = node(folder.resolve("far"), OneNode.Collector.Z, oneWay)) {
      api(
          node,
          "JOIN",
          JOINS_PER_SEC,
          "p95",
          "join to SDP answer, p95 over a link of 80 ms",
          2 * LINK_ROUND_TRIP.toMillis() + JOIN_MS);
      mute(node);
    }
  }

  private static OneNode node(Path folder, OneNode.Collector collector, Duration linkDelay)
      throws IOException {
    return new OneNode(Files.createDirectory(folder), collector, linkDelay);
  }

  /** A node runs for days: what its first minute costs is not what it costs. */
  private void compile(OneNode node) throws IOException {
    report.step("the node's code is compiled, " + compiling.toSeconds() + " s");
    JsonNode _ = load(node, "MIXED", COLD_PER_SEC, compiling);
  }

  private JsonNode load(OneNode node, String what, int perSec, Duration warmUp) throws IOException {
    return LoadProcess.run(
        ApiLoad.class,
        List.of(
            what,
            node.api().toString(),
            node.admin().toString(),
            Integer.toString(perSec),
            Long.toString(warmUp.toMillis()),
            Long.toString(time.toMillis())));
  }

  private void api(
      OneNode node, String what, int perSec, String percentile, String words, double limitMs)
      throws IOException {
    List<JsonNode> results = new ArrayList<>();
    for (int run = 1; run <= runs; run++) {
      report.step(words + ", run " + run + " of " + runs);
      results.add(load(node, what, perSec, warmUp));
    }
    report.atMost(words + ON, median(results, percentile), limitMs, "ms");
    failures(words, results);
  }

  private void redis() throws IOException {
    List<JsonNode> results = new ArrayList<>();
    try (RedisServer server = RedisServer.start()) {
      for (int run = 1; run <= runs; run++) {
        report.step("what Redis does, run " + run + " of " + runs);
        results.add(
            LoadProcess.run(
                RedisLoad.class,
                OneNode.Collector.Z.flags(), // It is a part of a node.
                List.of(
                    server.address(),
                    Integer.toString(REDIS_PER_SEC),
                    Long.toString(warmUp.toMillis()),
                    Long.toString(time.toMillis()))));
      }
    }
    report.atMost(
        "limiter decision, p99 at 500/s (Redis)", median(results, "limiter"), REDIS_MS, "ms");
    report.atMost("queue admit, p99 at 500/s (Redis)", median(results, "queue"), REDIS_MS, "ms");
    report.atMost(
        "status delivery, p99 at 500/s (Redis)", median(results, "status"), REDIS_MS, "ms");
    failures("what Redis does", results);
  }

  private void sockets(OneNode node) throws IOException {
    report.step("5,000 events sockets");
    try (LoadProcess load =
        new LoadProcess(
            SocketLoad.class,
            LoadProcess.GENERATOR,
            List.of(
                node.api().toString(),
                node.key(),
                Integer.toString(SOCKETS),
                Integer.toString(WATCHERS),
                Integer.toString(warmUpRounds),
                Integer.toString(runs * 10)))) {
      load.await("open " + SOCKETS);
      report.atMost(
          "memory of the node with 5,000 idle sockets (serial collector)",
          node.residentMiB(),
          SOCKETS_MIB,
          "MiB");
      load.goOn();
      JsonNode result = load.result();
      report.atMost(
          "a message to 1,000 sockets, p99 (serial collector)" + ON,
          result.path("p99").asDouble(Double.NaN),
          FAN_OUT_MS,
          "ms");
      report.atMost("sockets that ended meanwhile", result.path("ended").asDouble(), 0, "");
    }
  }

  private void mute(OneNode node) throws IOException {
    List<JsonNode> results = new ArrayList<>();
    for (int run = 1; run <= runs; run++) {
      report.step("mute over a link of 80 ms, run " + run + " of " + runs);
      results.add(
          LoadProcess.run(
              MuteLoad.class,
              List.of(
                  node.api().toString(),
                  node.admin().toString(),
                  Integer.toString(MUTE_CALLS),
                  Integer.toString(MUTES_EACH))));
    }
    for (String way : List.of("forwarded", "mixed")) {
      report.atMost(
          "mute until no longer " + way + ", p99 over a link of 80 ms" + ON,
          median(results, way + "P99"),
          MUTE_MS,
          "ms");
      report.atLeast(
          "mutes measured where the talker is " + way,
          results.stream().mapToInt(result -> result.path(way + "Count").asInt()).min().orElse(0),
          MUTE_CALLS * MUTES_EACH,
          "");
    }
    failures("mute", results);
  }

  private void failures(String words, List<JsonNode> results) {
    for (JsonNode result : results) {
      result
          .path("failures")
          .properties()
          .forEach(failure ->
              report.check(words + ": " + failure.getKey(), false, failure.getValue() + " times"));
    }
  }

  private static double median(List<JsonNode> results, String name) {
    double[] sorted =
        results.stream().mapToDouble(result -> result.path(name).asDouble(Double.NaN)).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
