package dev.parley.systemtests.show.talk;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * What the media server of {@code ./parley up} has counted of voice packets, by all its mix agents.
 *
 * @param received packets that came
 * @param red of those, packets that came as RED
 * @param recovered packets that did not come and were taken from RED
 * @param redPassed packets handed on as their talkers' RED
 * @param redAdded packets handed on with redundancy that their talkers had not sent
 */
record MediaCounters(long received, long red, long recovered, long redPassed, long redAdded) {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final URI METRICS = URI.create("http://127.0.0.1:7891/metrics");

  static MediaCounters read() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
      HttpRequest request = HttpRequest.newBuilder(METRICS).timeout(TIMEOUT).GET().build();
      String text = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      return new MediaCounters(
          sum(text, "parley_conference_packets_received_total"),
          sum(text, "parley_conference_red_received_total"),
          sum(text, "parley_conference_packets_recovered_total"),
          sum(text, "parley_conference_red_passed_targets_total"),
          sum(text, "parley_conference_red_added_targets_total"));
    }
  }

  /** Looks again until it is so: a page of metrics tells nobody when it changes. */
  static void await(Predicate<MediaCounters> so, Duration atMost)
      throws IOException, InterruptedException {
    long deadlineNanos = System.nanoTime() + atMost.toNanos();
    MediaCounters counters = read();
    while (!so.test(counters)) {
      if (System.nanoTime() > deadlineNanos) {
        throw new IOException("after " + atMost + " not so: " + counters);
      }
      Thread.sleep(BETWEEN_LOOKS);
      counters = read();
    }
  }

  /** Over all labels of one counter in the Prometheus text. */
  private static long sum(String text, String name) {
    return (long)
        text.lines()
            .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
  }

  MediaCounters since(MediaCounters before) {
    return new MediaCounters(
        received - before.received,
        red - before.red,
        recovered - before.recovered,
        redPassed - before.redPassed,
        redAdded - before.redAdded);
  }

  /** Of the packets that must be missing if so many of a hundred are, those that were recovered. */
  double recoveredPercent(int lostPercent) {
    double missing = (double) received * lostPercent / (100 - lostPercent);
    return missing == 0 ? Double.NaN : 100 * recovered / missing;
  }
}
