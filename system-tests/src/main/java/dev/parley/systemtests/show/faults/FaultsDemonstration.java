package dev.parley.systemtests.show.faults;

import dev.parley.systemtests.history.History;
import dev.parley.systemtests.history.HistoryChecker;
import dev.parley.systemtests.history.Violation;
import dev.parley.systemtests.show.Demonstration;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ShowOptions;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Each process of a deployment dies or hangs in turn, while people talk. */
public final class FaultsDemonstration implements Demonstration {
  private static final int CONFERENCES = 4;
  private static final int QUICK_CONFERENCES = 3;
  private static final int RACES = 50;
  private static final int QUICK_RACES = 10;
  private static final int PRINTED_MAX = 5;

  /** Media servers die so often, for the sake of a percentile. */
  private static final int MEDIA_REPEATS = 3;

  private static final List<Fault> QUICK =
      List.of(Fault.MEDIA_KILLED, Fault.NODE_KILLED, Fault.REDIS_EMPTIED, Fault.STORE_THROTTLED);

  @Override
  public String name() {
    return "faults";
  }

  @Override
  public String proves() {
    return "Any process may die or hang, any link break: no conference is lost or split, and soon all is well";
  }

  @Override
  public String help() {
    return """
    Two session nodes behind haproxy with DynamoDB Local and Redis, two media servers, and calls of
    two; each thing is broken for 5 s, but for rows that say otherwise, while somebody joins,
    leaves and speaks all the time.
      --only NAME   this fault alone, such as %s
    --quick has four of the twelve.\
    """
        .formatted(words(Fault.MEDIA_KILLED));
  }

  @Override
  public void run(ShowOptions options, Report report) throws Exception {
    String only = options.text("--only", "");
    List<Fault> wanted = only.isEmpty() ? faults(options.quick()) : List.of(fault(only));
    Path work = Files.createTempDirectory("parley-faults");
    int conferences = options.quick() ? QUICK_CONFERENCES : CONFERENCES;
    report.step("starting two nodes, two media servers, the store, Redis, haproxy and the calls");
    try (Scene scene = new Scene(work, conferences)) {
      report.tell("processors", Runtime.getRuntime().availableProcessors() + ", load " + load());
      report.tell("conferences, each of two", Integer.toString(conferences));
      for (Fault fault : wanted) {
        int repeats = fault.movesMedia() && !options.quick() ? MEDIA_REPEATS : 1;
        List<Measurement> all = new ArrayList<>();
        for (int i = 1; i <= repeats; i++) {
          report.step(fault.words() + (repeats == 1 ? "" : ", " + i + " of " + repeats));
          Measurement measured = Measurement.of(fault, scene);
          report.step("  " + measured.summary());
          all.add(measured);
        }
        new Rows(fault, all).tell(report);
      }
      if (only.isEmpty()) {
        report.step("two nodes race");
        Race.of(scene, options.quick() ? QUICK_RACES : RACES).tell(report);
      }
      judge(scene, report);
    }
  }

  private static void judge(Scene scene, Report report) throws InterruptedException {
    History history = scene.history();
    List<Violation> violations = HistoryChecker.judge(history);
    report.atMost(
        "violations of what must be true, in all of it",
        violations.size(),
        0,
        "in " + history.entries().size() + " entries");
    violations.stream().limit(PRINTED_MAX).forEach(one -> report.note(one.print(history)));
  }

  private static List<Fault> faults(boolean isQuick) {
    return isQuick ? QUICK : Arrays.asList(Fault.values());
  }

  private static Fault fault(String name) {
    return Arrays.stream(Fault.values())
        .filter(fault -> words(fault).equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "--only needs one of "
                    + Arrays.stream(Fault.values()).map(FaultsDemonstration::words).toList()));
  }

  private static String words(Fault fault) {
    return fault.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String load() {
    return String.format(
        Locale.ROOT, "%.1f", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }
}
