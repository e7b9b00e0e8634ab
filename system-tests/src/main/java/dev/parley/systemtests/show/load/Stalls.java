package dev.parley.systemtests.show.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * When the machine itself stood still: {@code benchmarks/floor/stalls.c}, which runs before
 * everything else on each processor and tells when it nevertheless could not. A tick that is late
 * meanwhile was not made late by Parley.
 */
final class Stalls implements AutoCloseable {
  private static final int END_SECONDS = 10;

  private final Process process;
  private final Path told;

  private Stalls(Process process, Path told) {
    this.process = process;
    this.told = told;
  }

  /** Watches from now on; the program and what it tells go to the folder. */
  static Stalls watch(Path root, Path folder) throws IOException, InterruptedException {
    Path told = folder.resolve("stalls.txt");
    return new Stalls(CProgram.compile(root, "stalls", folder).start(told), told);
  }

  /**
   * The longest time one of the processors stood still, milliseconds; not-a-number if the system
   * does not let us watch.
   *
   * @param fromNanos after this time of {@link System#nanoTime()}, which Linux counts as the
   *     program does
   * @param toNanos and before this one
   */
  double longestMs(long fromNanos, long toNanos) throws IOException {
    if (!process.isAlive()) {
      return Double.NaN;
    }
    long longestNs = 0;
    for (String line : Files.readString(told, StandardCharsets.US_ASCII).lines().toList()) {
      List<String> words = List.of(line.split(" "));
      long due = Long.parseLong(words.getFirst());
      long late = Long.parseLong(words.getLast());
      if (due + late - fromNanos >= 0 && due - toNanos <= 0) {
        longestNs = Math.max(longestNs, late);
      }
    }
    return longestNs / 1e6;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
