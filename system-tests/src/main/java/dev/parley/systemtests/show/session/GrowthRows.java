package dev.parley.systemtests.show.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.systemtests.show.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a node answers in a second with few conferences stored and with very many, all of them made
 * through its API. The embedded store: DynamoDB's time is not ours, and DynamoDB Local's says
 * nothing. One thread.
 */
final class GrowthRows {
  private static final Map<GrowthLoad.Work, String> WORDS =
      Map.of(
          GrowthLoad.Work.READ, "read a conference",
          GrowthLoad.Work.LIST_AND_READ, "list the newest, read one",
          GrowthLoad.Work.JOIN_AND_LEAVE, "token, join, leave",
          GrowthLoad.Work.CREATE, "create a conference");

  /** Of the rate with the fewest: the rest is what a rate differs by when nothing has changed. */
  private static final double FLAT_PERCENT = 80;

  /** It remembers where each conference is. */
  private static final List<String> GENERATOR =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx1g");

  private final Report report;
  private final List<Integer> sizes;
  private final int rounds;
  private final Duration round;

  GrowthRows(Report report, boolean isQuick) {
    this.report = report;
    this.sizes = isQuick ? List.of(3_000, 10_000) : List.of(3_000, 100_000, 1_000_000);
    this.rounds = isQuick ? 3 : 5;
    this.round = Duration.ofSeconds(isQuick ? 1 : 4);
  }

  void run(Path folder) throws Exception {
    List<JsonNode> figures = new ArrayList<>();
    try (OneNode node =
            new OneNode(Files.createDirectory(folder), OneNode.Collector.Z, Duration.ZERO);
        LoadProcess load =
            new LoadProcess(
                GrowthLoad.class,
                GENERATOR,
                List.of(
                    node.api().toString(),
                    node.admin().toString(),
                    Long.toString(node.pid()),
                    sizes.stream().map(String::valueOf).collect(Collectors.joining(",")),
                    Integer.toString(rounds),
                    Long.toString(round.toMillis())))) {
      for (int size : sizes) {
        report.step(String.format(Locale.ROOT, "%,d conferences are stored, and asked of", size));
        figures.add(load.result());
      }
    }
    for (JsonNode each : figures) {
      report.tell(
          String.format(Locale.ROOT, "at rest again, %,d stored", each.path("stored").asInt()),
          each.path("restSeconds").asInt() + " s");
    }
    for (GrowthLoad.Work work : GrowthLoad.Work.values()) {
      judge(work, figures);
    }
    figures
        .getLast()
        .path("failures")
        .properties()
        .forEach(failure ->
            report.check("refused: " + failure.getKey(), false, failure.getValue() + " times"));
  }

  private void judge(GrowthLoad.Work work, List<JsonNode> figures) {
    double fewest = figures.getFirst().path(work.name()).asDouble();
    for (int i = 0; i < figures.size(); i++) {
      JsonNode each = figures.get(i);
      double rate = each.path(work.name()).asDouble();
      String words =
          String.format(
              Locale.ROOT, "%s, %,d stored", WORDS.get(work), each.path("stored").asInt());
      report.tell(words + " (embedded store, Redis)", String.format(Locale.ROOT, "%,.0f/s", rate));
      if (i > 0) {
        report.atLeast(words + ", as against the fewest", 100 * rate / fewest, FLAT_PERCENT, "%");
      }
    }
  }
}
