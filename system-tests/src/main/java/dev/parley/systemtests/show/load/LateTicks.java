package dev.parley.systemtests.show.load;

import dev.parley.benchmarks.ServerProbe;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;

/**
 * When ticks of the media server were late, to a fifth of a second: its counter is read on a thread
 * of its own. The times may be read once it has ended.
 */
final class LateTicks {
  private static final String METRIC = "parley_conference_late_ticks_total";
  private static final int READ_EACH_MS = 200;

  private final List<Reading> readings = new ArrayList<>();
  private final Thread thread;
  private volatile boolean running = true;

  /**
   * What the counter grew by.
   *
   * @param from before it was read the last time
   * @param to after it was read
   * @param late ticks in between
   */
  private record Reading(Instant from, Instant to, long late) {}

  /** Watches from now on. */
  LateTicks() {
    thread = Thread.ofVirtual().name("late-ticks").start(this::run);
  }

  private void run() {
    try (ServerProbe probe = new ServerProbe(Map.of(), Map.of())) {
      Instant from = Instant.now();
      double before = probe.metric(ServerPlaces.MEDIA_METRICS, METRIC);
      while (running) {
        TimeUnit.MILLISECONDS.sleep(READ_EACH_MS);
        Instant asked = Instant.now();
        double now = probe.metric(ServerPlaces.MEDIA_METRICS, METRIC);
        readings.add(new Reading(from, Instant.now(), Math.round(now - before)));
        from = asked;
        before = now;
      }
    } catch (IOException e) {
      // The server is gone, and the load says so.
      running = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** All of them. */
  long count() {
    return readings.stream().mapToLong(Reading::late).sum();
  }

  /** Those between two readings, from the first to the second time, of which something is true. */
  long countIf(BiPredicate<Instant, Instant> holds) {
    return readings.stream()
        .filter(one -> one.late() > 0 && holds.test(one.from(), one.to()))
        .mapToLong(Reading::late)
        .sum();
  }

  /** Watches no more. */
  void end() throws InterruptedException {
    running = false;
    thread.join();
  }
}
