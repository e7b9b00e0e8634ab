package dev.parley.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** {@code ./parley bench}: runs the JMH benchmarks of one name, with allocation per operation. */
public final class Bench {
  private static final int WARM_UPS = 3;
  private static final int MEASUREMENTS = 5;

  private Bench() {}

  /** Exit status 0 after a run, 1 if JMH failed, 2 for a wrong command line. */
  public static void main(String[] arguments) {
    System.exit(run(arguments, System.out, System.err));
  }

  static int run(String[] arguments, PrintStream out, PrintStream error) {
    if (arguments.length == 0 || arguments[0].equals("--help") || arguments[0].equals("-h")) {
      help(out);
      return 0;
    }
    BenchmarkGroup group = BenchmarkGroup.find(arguments[0]);
    if (group == null) {
      error.println("parley bench: no benchmarks named " + arguments[0]);
      help(error);
      return 2;
    }
    List<String> jmhArguments = new ArrayList<>(List.of(arguments).subList(1, arguments.length));
    boolean quick = jmhArguments.remove("--quick");
    boolean save = jmhArguments.remove("--save");
    try {
      CommandLineOptions given = new CommandLineOptions(jmhArguments.toArray(new String[0]));
      if (given.shouldHelp()) {
        given.showHelp();
        return 0;
      }
      OptionsBuilder options = new OptionsBuilder();
      options
          .parent(given)
          .include(group.include())
          .addProfiler(GCProfiler.class)
          .shouldFailOnError(true);
      settings(options, given, quick);
      Runner runner = new Runner(options.build());
      if (save) {
        save(group, runner, jmhArguments, out);
      } else {
        runner.run();
      }
      return 0;
    } catch (CommandLineOptionException e) {
      error.println("parley bench: " + e.getMessage());
      return 2;
    } catch (IOException | RunnerException e) {
      error.println("parley bench: " + e.getMessage());
      return 1;
    }
  }

  private static void save(
      BenchmarkGroup group, Runner runner, List<String> jmhArguments, PrintStream out)
      throws IOException, RunnerException {
    Path root = Path.of(System.getProperty("parley.root", "."));
    AcceptedRun accepted = AcceptedRun.begin(root, group.name(), jmhArguments);
    Collection<RunResult> results = runner.run();
    out.println("Saved as " + root.relativize(accepted.write(results)));
  }

  /** Short runs unless the command line says otherwise: a name takes a minute or two. */
  private static void settings(OptionsBuilder options, CommandLineOptions given, boolean quick) {
    if (!given.getForkCount().hasValue()) {
      options.forks(1);
    }
    if (!given.getWarmupIterations().hasValue()) {
      options.warmupIterations(quick ? 1 : WARM_UPS);
    }
    if (!given.getMeasurementIterations().hasValue()) {
      options.measurementIterations(quick ? 2 : MEASUREMENTS);
    }
    if (!given.getWarmupTime().hasValue()) {
      options.warmupTime(TimeValue.seconds(1));
    }
    if (!given.getMeasurementTime().hasValue()) {
      options.measurementTime(TimeValue.seconds(1));
    }
  }

  private static void help(PrintStream to) {
    to.println("./parley bench NAME [--quick] [--save] [JMH arguments]");
    to.println();
    for (BenchmarkGroup group : BenchmarkGroup.ALL) {
      to.printf("  %-8s %s%n", group.name(), group.about());
    }
    to.println();
    to.println(
        """
        Allocation is always measured (-prof gc). --save keeps the run as benchmarks/results/DATE-NAME.json, with the
        machine, its load and the commit. JMH's own arguments follow, such as -p payloadLength=80 or -i 10; NAME -h
        lists them.\
        """);
  }
}
