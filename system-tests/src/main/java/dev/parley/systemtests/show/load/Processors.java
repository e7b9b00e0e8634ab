package dev.parley.systemtests.show.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Two of this machine's processors: one for the servers, one for this program while it measures
 * them. Closing it gives this program all of its processors back. Linux only, by {@code taskset}.
 */
final class Processors implements AutoCloseable {
  private static final int TIMEOUT_SECONDS = 10;
  private static final String ALLOWED = "Cpus_allowed_list:";

  private final String all;
  private final int servers;
  private final int clients;

  private Processors(String all, List<Integer> numbers) {
    this.all = all;
    this.servers = numbers.getFirst();
    this.clients = numbers.get(1);
  }

  /** Restricts all threads of this program, and those they will start, to the clients' one. */
  static Processors divide() throws IOException, InterruptedException {
    String all = allowed(Files.readString(Path.of("/proc/self/status")));
    List<Integer> numbers = numbers(all);
    if (numbers.size() < 2) {
      throw new IOException("needs two processors, may use only " + all);
    }
    Processors processors = new Processors(all, numbers);
    restrictTo(Integer.toString(processors.clients));
    return processors;
  }

  private static void restrictTo(String list) throws IOException, InterruptedException {
    String pid = Long.toString(ProcessHandle.current().pid());
    Process taskset =
        new ProcessBuilder("taskset", "--all-tasks", "--cpu-list", "--pid", list, pid)
            .redirectErrorStream(true)
            .start();
    String said = new String(taskset.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // Says 1 if a thread has ended since it listed them.
    if (!taskset.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        || !allowed(Files.readString(Path.of("/proc/self/status"))).equals(list)) {
      throw new IOException("taskset " + list + " failed: " + said.strip());
    }
  }

  /** The list of a /proc/PID/status, such as 0-3,8. */
  static String allowed(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith(ALLOWED))
        .map(line -> line.substring(ALLOWED.length()).strip())
        .findFirst()
        .orElse("");
  }

  /** The numbers of such a list. */
  static List<Integer> numbers(String list) {
    List<Integer> numbers = new ArrayList<>();
    for (String range : list.split(",", -1)) {
      String[] ends = range.split("-", -1);
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int number = Integer.parseInt(ends[0]); number <= last; number++) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  int servers() {
    return servers;
  }

  int clients() {
    return clients;
  }

  /** The command that runs another one on the servers' processor. */
  List<String> entering() {
    return List.of("taskset", "--cpu-list", Integer.toString(servers));
  }

  @Override
  public void close() throws IOException {
    try {
      restrictTo(all);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
