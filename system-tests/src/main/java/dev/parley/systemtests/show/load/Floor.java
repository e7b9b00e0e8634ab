package dev.parley.systemtests.show.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the same work costs at least on this machine: C programs of {@code benchmarks/floor} that do
 * nothing but encrypt, send, read, decode and encode, compiled and run here and now.
 */
final class Floor {
  private static final int COMPILE_SECONDS = 60;
  private static final int START_SECONDS = 20;
  private static final int PAYLOAD_LENGTH = 80;

  private final Path sources;
  private final Path folder;

  /** Programs go to the folder. */
  Floor(Path root, Path folder) {
    sources = root.resolve("benchmarks/floor");
    this.folder = folder;
  }

  /** Microseconds a packet of one talker sent to so many receivers. */
  double forward(int receivers, int seconds) throws IOException, InterruptedException {
    return run("forward_floor", seconds, receivers, PAYLOAD_LENGTH);
  }

  /** Milliseconds a person and second in a mixed room of so many, of whom some are heard. */
  double mix(int people, int heard, int seconds) throws IOException, InterruptedException {
    return run("mix_floor", seconds, people, heard);
  }

  private double run(String program, int seconds, int first, int second)
      throws IOException, InterruptedException {
    Path executable = folder.resolve(program);
    if (!Files.exists(executable)) {
      call(COMPILE_SECONDS, compilation(program, executable));
    }
    List<String> command =
        List.of(
            executable.toString(),
            Integer.toString(first),
            Integer.toString(second),
            Integer.toString(seconds));
    String said = call(START_SECONDS + seconds, command);
    return Double.parseDouble(said.substring(0, said.indexOf(' ')));
  }

  private List<String> compilation(String program, Path executable) {
    List<String> command = new ArrayList<>(List.of("gcc", "-O2", "-o", executable.toString()));
    command.add(sources.resolve(program + ".c").toString());
    command.addAll(List.of("-lcrypto", "-l:libopus.so.0", "-lm"));
    return command;
  }

  private static String call(int timeoutSeconds, List<String> command)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command.getFirst() + " did not end in " + timeoutSeconds + " s");
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + " failed: " + said);
    }
    return said;
  }
}
