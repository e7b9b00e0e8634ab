package dev.parley.systemtests.show.session;

import dev.parley.systemtests.show.Demonstration;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ShowOptions;
import dev.parley.systemtests.show.load.ServerPlaces;
import dev.parley.systemtests.tour.Tour;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The session tier: a tour of its API on two nodes, its target table on one, what a second node
 * costs, and what a million conferences do.
 */
public final class SessionDemonstration implements Demonstration {
  private static final String PART = "--part";
  private static final String ALL = "all";
  private static final String TOUR = "tour";
  private static final String TARGETS = "targets";
  private static final String NODES = "nodes";
  private static final String GROWTH = "growth";

  /** As many as there were when the tour was written; it may lack what has come since. */
  private static final int OPERATIONS = 71;

  private static final List<String> PARTS = List.of(TOUR, TARGETS, NODES, GROWTH);

  @Override
  public String name() {
    return "session";
  }

  @Override
  public String proves() {
    return "two nodes do as the API is documented; one meets its targets";
  }

  @Override
  public String help() {
    return """
      --part NAME   only one of its parts: tour, targets, nodes, growth

    tour: what an operator, a customer's back end and two people do with the API, step by step, on two session nodes
    behind haproxy with Redis, DynamoDB Local and two media servers. Each answer is held to openapi.yaml, and to what
    the step says; the first that is otherwise ends it. (--quick: not all chapters.)
    targets: measured on one node with the embedded store and a real Redis, each figure the median of three runs
    (--quick: one), by load generators in processes of their own that time each request from the moment
    it was due. The generators share this machine's processors with the servers.
    nodes: processor time of a request on one node and on two that share DynamoDB Local and Redis, by the same
    load through haproxy; only the nodes' own time is counted.
    growth: requests that one node answers in a second, with thousands of conferences in the embedded store and with a
    million, all made through its API. (--quick: ten thousand.)\
    """;
  }

  @Override
  public void run(ShowOptions options, Report report) throws Exception {
    String part = options.text(PART, ALL);
    if (!part.equals(ALL) && !PARTS.contains(part)) {
      throw new IllegalArgumentException(
          PART + " is one of " + String.join(", ", PARTS) + ", not " + part);
    }
    Path folder = Files.createTempDirectory("parley-session");
    try {
      if (part.equals(ALL) || part.equals(TOUR)) {
        tour(options, report, Files.createDirectory(folder.resolve(TOUR)));
      }
      if (part.equals(ALL) || part.equals(TARGETS)) {
        new TargetRows(report, options.quick()).run(folder);
      }
      if (part.equals(ALL) || part.equals(NODES)) {
        new NodeCostRows(report, options.quick()).run(Files.createDirectory(folder.resolve(NODES)));
      }
      if (part.equals(ALL) || part.equals(GROWTH)) {
        new GrowthRows(report, options.quick()).run(folder.resolve(GROWTH));
      }
    } finally {
      ServerPlaces.delete(folder);
    }
  }

  private static void tour(ShowOptions options, Report report, Path folder) throws Exception {
    report.step("two nodes behind haproxy, DynamoDB Local, Redis, two media servers");
    PrintStream out =
        options.json() ? null : new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Tour tour = new Tour(folder, out);
    Tour.Result result = options.quick() ? tour.shortened() : tour.whole();
    int all = result.called() + result.missing().size();
    report.check("every step of the tour was as documented", true, result.steps() + " steps");
    report.tell("operations of openapi.yaml that it called", result.called() + " of " + all);
    if (!options.quick()) {
      report.atLeast("of these", result.called(), OPERATIONS, "");
      report.note("Not called: " + result.missing());
    }
  }
}
