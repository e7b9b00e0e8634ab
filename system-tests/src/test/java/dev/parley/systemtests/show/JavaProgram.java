package dev.parley.systemtests.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A main class run in a process of its own, with the flags and the class path of the tests. */
public final class JavaProgram {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private final Class<?> mainClass;
  private final Path output;

  /**
   * What it left behind.
   *
   * @param status its exit status
   * @param said what it wrote to either output
   */
  public record Ended(int status, String said) {}

  /**
   * A program that does not run yet.
   *
   * @param folder where its output is kept
   */
  public JavaProgram(Class<?> mainClass, Path folder) {
    this.mainClass = mainClass;
    this.output = folder.resolve("output");
  }

  /** Runs it, and fails if it does not end in time. */
  public Ended run(List<String> arguments, Duration timeout)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--"))
        .forEach(command::add);
    command.add("-Dparley.root=" + ROOT);
    command.addAll(List.of("-cp", classPath(), mainClass.getName()));
    command.addAll(arguments);
    Process program =
        new ProcessBuilder(command)
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectOutput(output.toFile())
            .redirectErrorStream(true)
            .start();

    boolean hasEnded = program.waitFor(timeout.toSeconds(), TimeUnit.SECONDS);
    program.descendants().forEach(ProcessHandle::destroy);
    program.destroy();

    String said = Files.readString(output);
    assertThat(hasEnded).as("ended in time; it said:%n%s", said).isTrue();
    return new Ended(program.exitValue(), said);
  }

  /** What Surefire hides behind a jar of its own. */
  public static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
