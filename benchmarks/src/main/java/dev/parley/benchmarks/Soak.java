package dev.parley.benchmarks;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Keeps a conference busy for long and watches whether packets get lost or memory grows. */
@Command(
    name = "soak",
    description =
        "Keeps a conference busy for long. Fails if a packet is lost, a client is dropped or memory grows.",
    sortOptions = false)
public final class Soak implements Callable<Integer> {
  private static final int QUICK_SECONDS = 45;

  @Mixin private final LoadOptions options = new LoadOptions();

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "60",
      description = "How long, after all have joined (default: ${DEFAULT-VALUE}).")
  private int minutes = 60;

  /**
   * Exit status 0 if all stayed flat and nothing was lost, 1 if not, 2 for a wrong command line.
   */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Soak()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Duration length =
        options.quick ? Duration.ofSeconds(QUICK_SECONDS) : Duration.ofMinutes(minutes);
    LoadRun run = new LoadRun(options, length, true, options.json ? System.err : System.out);
    return run.run().print("soak", options.json, System.out);
  }
}
