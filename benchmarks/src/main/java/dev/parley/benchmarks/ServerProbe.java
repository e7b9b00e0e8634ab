package dev.parley.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads from outside what servers use: processor time and resident memory from /proc, heap from
 * /metrics. One thread.
 */
public final class ServerProbe implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final long KIB = 1_024;
  private static final int STAT_USER_TIME = 11;
  private static final int STAT_SYSTEM_TIME = 12;

  /** The kernel shows times in hundredths of a second on every Linux. */
  private static final long STAT_TICK_NS = 10_000_000L;

  private final Map<String, Long> pids;
  private final Map<String, URI> metrics;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  /** Of no server yet read; both by the servers' names. */
  public ServerProbe(Map<String, Long> pids, Map<String, URI> metrics) {
    this.pids = pids;
    this.metrics = metrics;
  }

  /**
   * Bytes by what they are, such as {@code media-server resident}. What cannot be read is left out.
   */
  Map<String, Long> read() throws InterruptedException {
    Map<String, Long> bytes = new LinkedHashMap<>();
    for (Map.Entry<String, Long> process : pids.entrySet()) {
      long resident = residentBytes(process.getValue());
      if (resident > 0) {
        bytes.put(process.getKey() + " resident", resident);
      }
    }
    for (Map.Entry<String, URI> server : metrics.entrySet()) {
      long heap = heapBytes(server.getValue());
      if (heap > 0) {
        bytes.put(server.getKey() + " heap", heap);
      }
    }
    return bytes;
  }

  /** Processor time each server has used since it started, in nanoseconds, by its name. */
  Map<String, Long> processorNs() {
    Map<String, Long> used = new LinkedHashMap<>();
    pids.forEach((name, pid) -> used.put(name, processorNs(pid)));
    return used;
  }

  /** User and system time of a process, as the kernel accounts it; 0 if it cannot be read. */
  static long processorNs(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // proc_pid_stat(5); the name in parentheses before these may hold blanks.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long ticks =
          Long.parseLong(fields[STAT_USER_TIME]) + Long.parseLong(fields[STAT_SYSTEM_TIME]);
      return ticks * STAT_TICK_NS;
    } catch (IOException e) {
      return 0;
    }
  }

  static long residentBytes(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB;
        }
      }
      return 0;
    } catch (IOException e) {
      return 0;
    }
  }

  private long heapBytes(URI uri) throws InterruptedException {
    try {
      String text = text(uri);
      long live = (long) sum(text, "jvm_gc_live_data_size_bytes");
      return live > 0 ? live : (long) sum(text, "jvm_memory_used_bytes{area=\"heap\"");
    } catch (IOException e) {
      return 0;
    }
  }

  /** What each server's collector has paused it so far, by its name; those that tell. */
  Map<String, GcPauses> gcPauses() throws InterruptedException {
    Map<String, GcPauses> pauses = new LinkedHashMap<>();
    for (Map.Entry<String, URI> server : metrics.entrySet()) {
      try {
        String text = text(server.getValue());
        pauses.put(
            server.getKey(),
            new GcPauses(
                Math.round(sum(text, "jvm_gc_pause_seconds_count")),
                sum(text, "jvm_gc_pause_seconds_sum")));
      } catch (IOException e) {
        // A server that does not answer shows in everything else.
      }
    }
    return pauses;
  }

  /** The sum of one metric over its labels. */
  public double metric(URI uri, String name) throws IOException, InterruptedException {
    return sum(text(uri), name);
  }

  private String text(URI uri) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).GET().build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** Adds up all samples of the Prometheus text that start so. */
  static double sum(String text, String start) {
    return text.lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Override
  public void close() {
    http.close();
  }
}
