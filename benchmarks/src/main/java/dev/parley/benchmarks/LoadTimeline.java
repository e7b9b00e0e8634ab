package dev.parley.benchmarks;

import dev.parley.benchmarks.client.PacketCounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What happens in a call and what it costs the servers, second by second, for plots. Has a thread
 * of its own; begun and closed by one other.
 */
final class LoadTimeline implements AutoCloseable {
  private static final double SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  /** After an hour it stops: a plot has no more pixels. */
  private static final int SAMPLES_MAX = 3_600;

  private final LoadCall call;
  private final Map<String, Long> pids;
  private final ConcurrentLinkedQueue<Sample> samples = new ConcurrentLinkedQueue<>();
  private final Thread thread;

  /**
   * About a second.
   *
   * @param atSeconds its end, since the beginning
   * @param seconds its length
   * @param packets in it
   * @param processors that each server used in it, on average, by its name
   */
  record Sample(
      double atSeconds, double seconds, PacketCounts packets, Map<String, Double> processors) {}

  LoadTimeline(LoadCall call, Map<String, Long> pids) {
    this.call = call;
    this.pids = pids;
    this.thread = Thread.ofVirtual().name("load-timeline").start(this::run);
  }

  private void run() {
    try {
      long startNs = System.nanoTime();
      long beforeNs = startNs;
      PacketCounts before = call.counts();
      Map<String, Long> usedNs = usedNs();
      for (int at = 1; at <= SAMPLES_MAX; at++) {
        TimeUnit.NANOSECONDS.sleep(startNs + TimeUnit.SECONDS.toNanos(at) - System.nanoTime());
        PacketCounts now = call.counts();
        Map<String, Long> usedNowNs = usedNs();
        long nowNs = System.nanoTime();
        double seconds = (nowNs - beforeNs) / SECOND_NS;
        Map<String, Double> processors = new LinkedHashMap<>();
        for (Map.Entry<String, Long> server : usedNowNs.entrySet()) {
          long used = server.getValue() - usedNs.getOrDefault(server.getKey(), 0L);
          processors.put(server.getKey(), used / SECOND_NS / seconds);
        }
        samples.add(
            new Sample((nowNs - startNs) / SECOND_NS, seconds, now.minus(before), processors));
        before = now;
        beforeNs = nowNs;
        usedNs = usedNowNs;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // The figures of the run ask the same clients, and say why they do not answer.
    }
  }

  private Map<String, Long> usedNs() {
    Map<String, Long> used = new LinkedHashMap<>();
    pids.forEach((name, pid) -> used.put(name, ServerProbe.processorNs(pid)));
    return used;
  }

  /** Those so far. */
  List<Sample> samples() {
    return List.copyOf(new ArrayList<>(samples));
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
