package dev.parley.benchmarks;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts a load of participants on a running server and prints what becomes of their packets. */
@Command(
    name = "load",
    description =
        "Puts a load of participants on a running Parley. Fails if a packet is lost or a client is dropped.",
    sortOptions = false)
public final class Load implements Callable<Integer> {
  private static final int QUICK_SECONDS = 20;

  @Mixin private final LoadOptions options = new LoadOptions();

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "60",
      description = "How long, after all have joined (default: ${DEFAULT-VALUE}).")
  private int seconds = 60;

  /** Exit status 0 if nothing was lost, 1 if something was, 2 for a wrong command line. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Load()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Duration length =
        Duration.ofSeconds(options.quick ? Math.min(QUICK_SECONDS, seconds) : seconds);
    LoadRun run = new LoadRun(options, length, false, options.json ? System.err : System.out);
    return run.run().print("load", options.json, System.out);
  }
}
