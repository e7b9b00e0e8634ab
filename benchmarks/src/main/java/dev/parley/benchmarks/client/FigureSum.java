package dev.parley.benchmarks.client;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Adds up figures of lines or clients. One thread. */
public final class FigureSum {
  private final Histogram latencyUs = new Histogram(TimeUnit.SECONDS.toMicros(10), 3);
  private final Histogram gapUs = new Histogram(PacketGaps.HIGHEST_US, PacketGaps.DIGITS);
  private InjectedFigures injected = InjectedFigures.NONE;
  private RepairFigures repair = RepairFigures.NONE;
  private long sent;
  private long received;
  private long delivered;
  private long lost;
  private long duplicates;
  private long reordered;
  private final Map<String, Long> refusals = new TreeMap<>();
  private long restarts;
  private long gaps;
  private long longestGapNs;
  private long reportedLost;

  void addSent(long packets, long lostByReport) {
    sent += packets;
    reportedLost += lostByReport;
  }

  void addRefusals(Map<String, Long> more) {
    more.forEach((why, count) -> refusals.merge(why, count, Long::sum));
  }

  void add(ReceivedLine line) {
    received += line.tally().received();
    delivered += line.losses().delivered();
    lost += line.losses().byServer();
    duplicates += line.tally().duplicates();
    reordered += line.tally().reordered();
    restarts += line.tally().restarts();
    gaps += line.gaps();
    longestGapNs = Math.max(longestGapNs, line.longestGapNs());
    latencyUs.add(line.latencyUs());
    gapUs.add(line.packetGaps().gapUs());
  }

  /** Adds packets that came twice and were refused the second time. */
  void addRepeated(long packets) {
    duplicates += packets;
  }

  void addInjected(InjectedFigures more) {
    injected = injected.plus(more);
  }

  void addRepair(RepairFigures more) {
    repair = repair.plus(more);
  }

  /** Adds a client's figures. */
  public void add(ClientFigures figures) {
    sent += figures.sent();
    received += figures.received();
    delivered += figures.delivered();
    lost += figures.lost();
    duplicates += figures.duplicates();
    reordered += figures.reordered();
    addRefusals(figures.refusals());
    restarts += figures.restarts();
    gaps += figures.gaps();
    longestGapNs = Math.max(longestGapNs, figures.longestGapNs());
    reportedLost += figures.reportedLost();
    latencyUs.add(figures.latencyUs());
    gapUs.add(figures.gapUs());
    addInjected(figures.injected());
    addRepair(figures.repair());
  }

  /** The sum, with what cannot be summed. */
  public ClientFigures figures(
      ClientState state, String reason, long connectNs, long firstAudioNs) {
    return new ClientFigures(
        state,
        reason,
        sent,
        received,
        delivered,
        lost,
        duplicates,
        reordered,
        Map.copyOf(refusals),
        restarts,
        gaps,
        longestGapNs,
        reportedLost,
        connectNs,
        firstAudioNs,
        latencyUs,
        gapUs,
        injected,
        repair);
  }
}
