package dev.parley.systemtests.show.load;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What the same work costs at least on this machine: C programs of {@code benchmarks/floor} that do
 * nothing but encrypt, send, read, decode and encode, compiled and run here and now.
 */
final class Floor {
  private static final String[] LIBRARIES = {"-lcrypto", "-l:libopus.so.0", "-lm"};
  private static final int MICROS_PER_SECOND = 1_000_000;
  private static final int START_SECONDS = 20;
  private static final int PAYLOAD_LENGTH = 80;

  /** As an SRTP packet of such a payload with the stamp of our clients. */
  private static final int PACKET_LENGTH = 150;

  /** Where the floor is above a target, so much more than the floor is demanded instead. */
  private static final double ABOVE_FLOOR = 1.5;

  private final Path root;
  private final Path folder;

  /** Programs go to the folder. */
  Floor(Path root, Path folder) {
    this.root = root;
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
    return CProgram.compile(root, program, folder, LIBRARIES)
        .run(START_SECONDS + seconds, arguments);
  }
}
