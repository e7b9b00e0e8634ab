package dev.parley.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** {@code ./parley bench}: runs the JMH benchmarks of one name, with allocation per operation. */
public final class Bench {
  private static final List<BenchmarkGroup> GROUPS =
      List.of(
          new BenchmarkGroup(
              "srtp",
              "SrtpBenchmark",
              "protect, unprotect and refuse one packet of 20 ms Opus, both SRTP profiles"),
          new BenchmarkGroup(
              "ring",
              "RingBenchmark",
              "hand a packet over between threads: Agrona's ring or JCTools' queues"),
          new BenchmarkGroup(
              "demux", "DemuxBenchmark", "tell a datagram's kind and read it: RTP, RTCP, STUN"),
          new BenchmarkGroup("dtls", "DtlsBenchmark", "a whole handshake, both sides"),
          new BenchmarkGroup("opus", "OpusBenchmark", "encode and decode one frame"),
          new BenchmarkGroup("mix", "MixBenchmark", "add up and take out voices, one frame"));

  private static final int WARM_UPS = 3;
  private static final int MEASUREMENTS = 5;

  private Bench() {}

  /** A name on the command line, and the classes it stands for. */
  private record BenchmarkGroup(String name, String include, String about) {}

  /** Exit status 0 after a run, 1 if JMH failed, 2 for a wrong command line. */
  public static void main(String[] arguments) {
    System.exit(run(arguments, System.out, System.err));
  }

  static int run(String[] arguments, PrintStream out, PrintStream error) {
    if (arguments.length == 0 || arguments[0].equals("--help") || arguments[0].equals("-h")) {
      help(out);
      return 0;
    }
    BenchmarkGroup group = find(arguments[0]);
    if (group == null) {
      error.println("parley bench: no benchmarks named " + arguments[0]);
      help(error);
      return 2;
    }
    List<String> jmhArguments = new ArrayList<>(List.of(arguments).subList(1, arguments.length));
    boolean quick = jmhArguments.remove("--quick");
    try {
      CommandLineOptions given = new CommandLineOptions(jmhArguments.toArray(new String[0]));
      if (given.shouldHelp()) {
        given.showHelp();
        return 0;
      }
      OptionsBuilder options = new OptionsBuilder();
      options
          .parent(given)
          .include("\\." + group.include + "\\.")
          .addProfiler(GCProfiler.class)
          .shouldFailOnError(true);
      settings(options, given, quick);
      new Runner(options.build()).run();
      return 0;
    } catch (CommandLineOptionException e) {
      error.println("parley bench: " + e.getMessage());
      return 2;
    } catch (IOException | RunnerException e) {
      error.println("parley bench: " + e.getMessage());
      return 1;
    }
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

  private static @Nullable BenchmarkGroup find(String name) {
    for (BenchmarkGroup group : GROUPS) {
      if (group.name.equals(name)) {
        return group;
      }
    }
    return null;
  }

  private static void help(PrintStream to) {
    to.println("./parley bench NAME [--quick] [JMH arguments]");
    to.println();
    for (BenchmarkGroup group : GROUPS) {
      to.printf("  %-8s %s%n", group.name, group.about);
    }
    to.println();
    to.println(
        "Allocation is always measured (-prof gc). JMH's own arguments follow, such as -p payloadLength=80,");
    to.println("-i 10 or -rf json; NAME -h lists them.");
  }
}
