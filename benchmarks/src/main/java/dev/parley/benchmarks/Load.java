package dev.parley.benchmarks;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a report with plots, in one file.")
  private @Nullable Path html;

  @Spec private @Nullable CommandSpec command;

  /** Exit status 0 if nothing was lost, 1 if something was, 2 for a wrong command line. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Load()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Duration length =
        Duration.ofSeconds(options.quick ? Math.min(QUICK_SECONDS, seconds) : seconds);
    try {
      options.check();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(requireNonNull(command).commandLine(), e.getMessage(), e);
    }
    PrintStream progress = options.json ? System.err : System.out;
    LoadRun run = new LoadRun(options, length, false, progress);
    LoadReport.Circumstances circumstances = LoadReport.Circumstances.now(commandLine());
    LoadResult result = run.run();
    if (html != null) {
      Files.writeString(html, new LoadReport(circumstances, result, run.timeline()).html());
      progress.println("report: " + html);
    }
    return result.print("load", options.json, System.out);
  }

  private String commandLine() {
    return "./parley load "
        + String.join(" ", requireNonNull(command).commandLine().getParseResult().originalArgs());
  }
}
