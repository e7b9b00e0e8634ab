package dev.parley.benchmarks;

import dev.parley.benchmarks.client.ClientFigures;
import dev.parley.benchmarks.client.ClientState;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Joins, lets time pass with a line of figures each interval, leaves, and gives a verdict: what
 * {@link Load} and {@link Soak} do alike. One thread.
 */
public final class LoadRun {
  /** A packet later than this misses a jitter buffer of 60 ms. */
  private static final long LATE_US = TimeUnit.MILLISECONDS.toMicros(60);

  private static final long MEBI = 1L << 20;
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
  private static final String KERNEL_DROPS = "parley_transport_kernel_drops_total";

  /**
   * Part of the packets due that must arrive: those of the first and last moment are not lost, but
   * not counted either.
   */
  private static final double COMPLETE = 0.98;

  private final LoadOptions options;
  private final Duration length;
  private final boolean judgesMemory;
  private final PrintStream progress;
  private final Map<String, MemoryTrend> trends = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();
  private int silentIntervals;
  private final Map<String, Long> usedNs = new LinkedHashMap<>();
  private final Map<String, ProcessorTime> processorTimes = new LinkedHashMap<>();
  private long receivedBefore;
  private long receivedAfter;
  private long deliveredBefore;
  private int replaced;
  private final Map<String, GcPauses> gcPauses = new LinkedHashMap<>();
  private List<LoadTimeline.Sample> timeline = List.of();

  /**
   * A run that has not begun.
   *
   * @param length after all have joined
   * @param judgesMemory whether growth is a fault
   * @param progress where the lines of figures go
   */
  public LoadRun(LoadOptions options, Duration length, boolean judgesMemory, PrintStream progress) {
    this.options = options;
    this.length = length;
    this.judgesMemory = judgesMemory;
    this.progress = progress;
  }

  /** Runs; returns the figures and what is wrong with them. */
  public LoadResult run() throws Exception {
    options.check();
    ClientFigures last;
    Histogram joinMs;
    Histogram lateUs;
    try (LoadCall call = new LoadCall(options);
        ServerProbe probe = new ServerProbe(options.pids, options.metrics)) {
      call.join();
      joinMs = call.joinMs();
      progress.printf(
          Locale.ROOT,
          "joined %d of %d: median %d ms (answered after %d), 99th percentile %d ms, longest %d ms%n",
          joinMs.getTotalCount(),
          options.participants,
          joinMs.getValueAtPercentile(50),
          call.answerMs().getValueAtPercentile(50),
          joinMs.getValueAtPercentile(99),
          joinMs.getMaxValue());
      TimeUnit.SECONDS.sleep(options.warmUpSeconds);
      options.watch.begin();
      double droppedBefore = dropped(probe);
      Map<String, GcPauses> pausesBefore = probe.gcPauses();
      try (LoadTimeline samples = new LoadTimeline(call, options.pids)) {
        try (Churn churn = new Churn(call, options)) {
          churn.start();
          last = letTimePass(call, probe);
        }
        timeline = samples.samples();
      }
      probe
          .gcPauses()
          .forEach((name, pauses) ->
              gcPauses.put(
                  name, pauses.since(pausesBefore.getOrDefault(name, new GcPauses(0, 0)))));
      joinMs = call.joinMs();
      replaced = call.replaced();
      faults.addAll(call.failures());
      receivedAfter = last.received();
      double dropped = dropped(probe) - droppedBefore;
      if (dropped > 0) {
        faults.add("the servers' kernel dropped " + Math.round(dropped) + " datagrams");
      }
      lateUs = call.lateUs();
    }
    judge(last);
    return result(last, joinMs, lateUs);
  }

  /** What happened second by second, once it has run. */
  List<LoadTimeline.Sample> timeline() {
    return timeline;
  }

  private ClientFigures letTimePass(LoadCall call, ServerProbe probe) throws Exception {
    long startNs = System.nanoTime();
    long[] received = new long[options.participants];
    call.silentSince(received);
    ClientFigures figures = call.figures();
    receivedBefore = figures.received();
    deliveredBefore = figures.delivered();
    usedNs.putAll(probe.processorNs());
    long sinceNs = 0;
    for (long at = 1; ; at++) {
      long dueNs = Math.min(options.interval().toNanos() * at, length.toNanos());
      TimeUnit.NANOSECONDS.sleep(startNs + dueNs - System.nanoTime());
      ClientFigures now = call.figures();
      addProcessorTime(probe, now.received() - figures.received(), dueNs - sinceNs);
      sinceNs = dueNs;
      int silent = call.silentSince(received);
      if (silent > 0) {
        silentIntervals++;
      }
      Map<String, Long> memory = probe.read();
      memory.forEach(
          (name, bytes) -> trends.computeIfAbsent(name, _ -> new MemoryTrend()).add(bytes));
      print(dueNs, figures, now, silent, memory);
      figures = now;
      if (dueNs == length.toNanos()) {
        return figures;
      }
    }
  }

  private void addProcessorTime(ServerProbe probe, long packets, long intervalNs) {
    double participantSeconds = (double) options.participants * intervalNs / SECOND_NS;
    Map<String, Long> usedNowNs = probe.processorNs();
    usedNowNs.forEach((name, ns) ->
        processorTimes
            .computeIfAbsent(name, _ -> new ProcessorTime())
            .add(ns - usedNs.getOrDefault(name, 0L), packets, participantSeconds));
    usedNs.putAll(usedNowNs);
  }

  private void print(
      long atNs, ClientFigures before, ClientFigures now, int silent, Map<String, Long> memory) {
    Histogram delayUs = now.latencyUs().copy();
    delayUs.subtract(before.latencyUs());
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%6d s  sent %d  received %d  lost %d  late %d  pauses %d  silent %d  delay 50%% %.1f 99%% %.1f ms",
            TimeUnit.NANOSECONDS.toSeconds(atNs),
            now.sent() - before.sent(),
            now.received() - before.received(),
            now.lost() - before.lost(),
            late(now) - late(before),
            now.gaps() - before.gaps(),
            silent,
            delayUs.getValueAtPercentile(50) / 1_000.0,
            delayUs.getValueAtPercentile(99) / 1_000.0));
    memory.forEach((name, bytes) ->
        line.append("  ").append(name).append(' ').append(bytes / MEBI).append(" MiB"));
    progress.println(line);
    if (now.state() != ClientState.CONNECTED) {
      progress.println("         " + now.reason());
    }
  }

  private static long late(ClientFigures figures) {
    Histogram latency = figures.latencyUs();
    return latency.getTotalCount() == 0
        ? 0
        : latency.getCountBetweenValues(LATE_US, latency.getHighestTrackableValue());
  }

  private void judge(ClientFigures last) {
    if (last.state() != ClientState.CONNECTED) {
      faults.add("not everybody stayed connected: " + last.reason());
    }
    if (last.lost() > 0) {
      faults.add(last.lost() + " packets from the server are missing");
    }
    long expected =
        Math.round(
            options.expectedPerSecond()
                * options.impairment.passingShare()
                * length.toMillis()
                / 1_000);
    long delivered = last.delivered() - deliveredBefore;
    // While somebody leaves and another joins, nobody knows what is due.
    boolean isKnown = options.isContinuous() && options.churnPerMinute == 0;
    if (isKnown && delivered < expected * COMPLETE) {
      faults.add("received " + delivered + " packets where " + expected + " were due");
    }
    if (last.reportedLost() > 0) {
      faults.add("the server reports " + last.reportedLost() + " of our packets missing");
    }
    // Repeated DTLS flights that find the queue of a busy handshake full are no loss: they would
    // have been ignored.
    last.refusals().entrySet().stream()
        .filter(refusal -> !refusal.getKey().startsWith("DTLS"))
        .forEach(
            refusal -> faults.add(refusal.getValue() + " datagrams refused: " + refusal.getKey()));
    if (last.restarts() > 0) {
      faults.add(last.restarts() + " received streams jumped");
    }
    if (silentIntervals > 0) {
      faults.add("somebody heard nothing in " + silentIntervals + " intervals");
    }
    if (judgesMemory) {
      trends.forEach(this::judge);
    }
  }

  private void judge(String name, MemoryTrend trend) {
    if (!trend.isLongEnough()) {
      progress.println("too few samples to judge the growth of " + name);
    } else if (!trend.isFlat()) {
      faults.add(
          name
              + " grew from "
              + trend.beforeBytes() / MEBI
              + " to "
              + trend.afterBytes() / MEBI
              + " MiB");
    }
  }

  /** Datagrams that servers' sockets had no room for. */
  private double dropped(ServerProbe probe) throws IOException, InterruptedException {
    double dropped = 0;
    for (URI server : options.metrics.values()) {
      dropped += probe.metric(server, KERNEL_DROPS);
    }
    return dropped;
  }

  private Map<String, LoadResult.Processor> processor() {
    Map<String, LoadResult.Processor> processor = new LinkedHashMap<>();
    processorTimes.forEach((name, time) -> processor.put(name, time.median()));
    return processor;
  }

  private LoadResult result(ClientFigures last, Histogram joinMs, Histogram lateUs) {
    Map<String, LoadResult.Memory> memory = new LinkedHashMap<>();
    trends.forEach((name, trend) ->
        memory.put(
            name,
            new LoadResult.Memory(trend.beforeBytes(), trend.afterBytes(), trend.isLongEnough())));
    return new LoadResult(
        options.participants,
        length,
        last,
        late(last),
        joinMs,
        lateUs,
        (receivedAfter - receivedBefore) / (double) length.toSeconds(),
        replaced,
        gcPauses,
        memory,
        processor(),
        List.copyOf(faults));
  }
}
