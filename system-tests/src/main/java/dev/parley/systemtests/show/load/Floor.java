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
  private static final int MICROS_PER_SECOND = 1_000_000;
  private static final int START_SECONDS = 20;
  private static final int PAYLOAD_LENGTH = 80;

  /** As an SRTP packet of such a payload with the stamp of our clients. */
  private static final int PACKET_LENGTH = 150;

  /** Where the floor is above a target, so much more than the floor is demanded instead. */
  private static final double ABOVE_FLOOR = 1.5;

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

  /** What 50, 99 and 99.9 % of the packets keep, microseconds. */
  record Delay(double us50, double us99, double us999) {}

  /** From a send call over a bare echo to the kernel's stamp at a socket of the sender. */
  Delay echo(int echoProcessor, int senderProcessor, int packetsPerSecond, int seconds)
      throws IOException, InterruptedException {
    String said =
        tell(
            "echo_floor",
            seconds,
            echoProcessor,
            senderProcessor,
            packetsPerSecond * seconds,
            MICROS_PER_SECOND / packetsPerSecond,
            PACKET_LENGTH);
    String[] words = said.split(" ", -1);
    return new Delay(
        Double.parseDouble(words[0]), Double.parseDouble(words[1]), Double.parseDouble(words[2]));
  }

  /** What is demanded where the floor is so. */
  static double limit(double target, double floor) {
    return floor > target ? ABOVE_FLOOR * floor : target;
  }

  private double run(String program, int seconds, int first, int second)
      throws IOException, InterruptedException {
    String said = tell(program, seconds, first, second, seconds);
    return Double.parseDouble(said.substring(0, said.indexOf(' ')));
  }

  private String tell(String program, int seconds, int... arguments)
      throws IOException, InterruptedException {
    Path executable = folder.resolve(program);
    if (!Files.exists(executable)) {
      call(COMPILE_SECONDS, compilation(program, executable));
    }
    List<String> command = new ArrayList<>(List.of(executable.toString()));
    for (int argument : arguments) {
      command.add(Integer.toString(argument));
    }
    return call(START_SECONDS + seconds, command);
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
