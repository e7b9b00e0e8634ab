package dev.parley.systemtests.chaos;

import dev.parley.systemtests.history.Entry;
import dev.parley.systemtests.history.History;
import dev.parley.systemtests.history.HistoryChecker;
import dev.parley.systemtests.history.Outcome;
import dev.parley.systemtests.history.Violation;
import dev.parley.systemtests.show.Demonstration;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ShowOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A hundred seeded histories of clients and faults, judged by everything that must be true. */
public final class HistoryDemonstration implements Demonstration {
  private static final int SEEDS = 100;
  private static final int QUICK_SEEDS = 6;

  /** What the other rows are for: no failing run prints more. */
  private static final int PRINTED_MAX = 5;

  @Override
  public String name() {
    return "history";
  }

  @Override
  public String proves() {
    return "Whatever breaks, nobody is lost, doubled or let in by a closed door, and nothing told is missing";
  }

  @Override
  public String help() {
    return """
    Two session nodes behind haproxy with DynamoDB Local, Redis and light media servers; each seed is
    a few seconds of people and faults, then quiet, then the judgement.
      --seeds N   how many (100; with --quick 6)
      --first N   the first one (1)
      --seed N    this one alone, as often as --seeds says (1)
    A seed that fails is kept whole in .parley/history.\
    """;
  }

  @Override
  public void run(ShowOptions options, Report report) throws Exception {
    int only = options.number("--seed", 0);
    int first = options.number("--first", 1);
    int usual = options.quick() ? QUICK_SEEDS : SEEDS;
    int count = options.number("--seeds", only > 0 ? 1 : usual);
    Path work = Files.createTempDirectory("parley-history");
    Tally tally = new Tally();
    report.step("starting two nodes, the store, Redis, haproxy and three light media servers");
    try (Cluster cluster = new Cluster(work)) {
      for (int i = 0; i < count; i++) {
        int seed = only > 0 ? only : first + i;
        History history = new SeededRun(cluster, seed, SeededRun.Conditions.ALL).run();
        List<Violation> violations = HistoryChecker.judge(history);
        tally.add(history, violations);
        String verdict = violations.isEmpty() ? "holds" : violations.size() + " VIOLATIONS";
        report.step("seed " + seed + ": " + history.entries().size() + " entries, " + verdict);
        if (!violations.isEmpty()) {
          tell(options, report, seed, history, violations);
        }
      }
      report.step("a store that does not keep to its conditions");
      Violation split = PlantedBug.find(cluster, first);
      report.check(
          "a store that ignores an allocation's epoch is found out",
          split != null,
          split == null ? "no" : split.what());
    }
    tally.tell(report);
    report.atLeast("seeds run", tally.runs, count, "");
    report.atMost("seeds with a violation", tally.failures, 0, "");
  }

  private static void tell(
      ShowOptions options, Report report, int seed, History history, List<Violation> violations)
      throws IOException {
    Path folder = Files.createDirectories(options.root().resolve(".parley/history"));
    Path file = folder.resolve("seed-" + seed + ".txt");
    StringBuilder whole = new StringBuilder();
    violations.forEach(one -> whole.append(one.print(history)).append('\n'));
    history.entries().forEach(entry -> whole.append(entry).append('\n'));
    Files.writeString(file, whole);
    report.note("seed " + seed + " failed (--seed " + seed + "); all of it is in " + file);
    violations.stream().limit(PRINTED_MAX).forEach(one -> report.note(one.print(history)));
  }

  /** What was seen over all seeds. */
  private static final class Tally {
    private final Map<String, Integer> faults = new TreeMap<>();
    private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    private final Map<String, Integer> kinds = new TreeMap<>();
    private int runs;
    private int failures;

    void add(History history, List<Violation> violations) {
      runs++;
      failures += violations.isEmpty() ? 0 : 1;
      for (Entry entry : history.entries()) {
        switch (entry) {
          case Entry.Operation operation -> outcomes.merge(operation.outcome(), 1, Integer::sum);
          case Entry.Fault fault -> faults.merge(fault.what(), 1, Integer::sum);
          default -> kinds.merge(entry.getClass().getSimpleName(), 1, Integer::sum);
        }
      }
    }

    void tell(Report report) {
      outcomes.forEach((outcome, count) ->
          report.tell("requests that ended " + outcome, Integer.toString(count)));
      report.tell("webhook messages taken", Integer.toString(kinds.getOrDefault("Delivery", 0)));
      report.tell("events watched", Integer.toString(kinds.getOrDefault("Frame", 0)));
      report.tell(
          "people let in by media servers", Integer.toString(kinds.getOrDefault("Admission", 0)));
      faults.forEach((what, count) ->
          report.tell(what.toLowerCase(Locale.ROOT).replace('_', ' '), count + " times"));
    }
  }
}
