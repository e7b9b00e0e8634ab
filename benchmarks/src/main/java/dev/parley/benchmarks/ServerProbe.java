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

/** Reads servers' memory from outside: resident set from /proc, heap from /metrics. One thread. */
final class ServerProbe implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final long KIB = 1_024;

  private final Map<String, Long> pids;
  private final Map<String, URI> metrics;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  ServerProbe(Map<String, Long> pids, Map<String, URI> metrics) {
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

  /** The sum of one metric over its labels. */
  double metric(URI uri, String name) throws IOException, InterruptedException {
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
