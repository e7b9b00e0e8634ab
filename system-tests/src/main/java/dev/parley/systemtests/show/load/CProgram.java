package dev.parley.systemtests.show.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of {@code benchmarks/floor}, compiled here and now. Immutable. */
final class CProgram {
  private static final int COMPILE_SECONDS = 60;

  private final Path executable;

  private CProgram(Path executable) {
    this.executable = executable;
  }

  /**
   * Compiles it, unless that has been done.
   *
   * @param root the checkout
   * @param name of its source, without {@code .c}
   * @param folder where the executable goes
   * @param libraries as the linker wants them named
   */
  static CProgram compile(Path root, String name, Path folder, String... libraries)
      throws IOException, InterruptedException {
    Path executable = folder.resolve(name);
    if (!Files.exists(executable)) {
      Path source = root.resolve("benchmarks/floor").resolve(name + ".c");
      List<String> command = new ArrayList<>(List.of("gcc", "-O2", "-o", executable.toString()));
      command.add(source.toString());
      command.addAll(List.of(libraries));
      Command.run(COMPILE_SECONDS, command);
    }
    return new CProgram(executable);
  }

  /** Runs it to its end and returns what it said. */
  String run(int timeoutSeconds, int... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(executable.toString()));
    for (int argument : arguments) {
      command.add(Integer.toString(argument));
    }
    return Command.run(timeoutSeconds, command);
  }

  /** Starts it; what it says goes to a file, and it ends when its input does. */
  Process start(Path told) throws IOException {
    return new ProcessBuilder(executable.toString())
        .redirectOutput(told.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
