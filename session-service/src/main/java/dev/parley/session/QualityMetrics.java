package dev.parley.session;

import dev.parley.common.id.Region;
import dev.parley.common.metrics.Metrics;
import dev.parley.session.conference.CallQuality;
import dev.parley.session.conference.ConferenceEventSink;
import dev.parley.session.conference.QualityBoard;
import io.micrometer.core.instrument.DistributionSummary;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How calls sound in each region, as histograms in {@code /metrics}. Thread-safe. */
final class QualityMetrics {
  /** Regions come from media servers; more than this are counted as one. */
  private static final int REGIONS_MAX = 64;

  private static final Region OTHERS = new Region("others");
  private static final double[] MOS_STEPS = {1.5, 2, 2.6, 3.1, 3.6, 4, 4.2, 4.3, 4.4};
  private static final double[] LOSS_STEPS = {0.1, 0.5, 1, 2, 5, 10, 20, 50};

  private final Metrics metrics;
  private final Map<Region, Histograms> regions = new ConcurrentHashMap<>();

  private record Histograms(DistributionSummary mos, DistributionSummary lossPercent) {}

  QualityMetrics(Metrics metrics) {
    this.metrics = metrics;
  }

  /** Returns what judges calls and tells these histograms of it. */
  static CallQuality quality(
      Metrics metrics, QualityBoard board, Clock clock, ConferenceEventSink events) {
    return new CallQuality(board, clock, events, new QualityMetrics(metrics)::measured);
  }

  /** Counts what was measured of one participant. */
  void measured(Region region, double mos, double lossPercent) {
    boolean isCounted = regions.size() < REGIONS_MAX || regions.containsKey(region);
    Histograms of = regions.computeIfAbsent(isCounted ? region : OTHERS, this::histograms);
    of.mos().record(mos);
    of.lossPercent().record(lossPercent);
  }

  private Histograms histograms(Region region) {
    return new Histograms(
        metrics.distribution(
            "parley.quality.mos",
            "Estimated mean opinion score of participants, each five seconds",
            MOS_STEPS,
            "region",
            region.value()),
        metrics.distribution(
            "parley.quality.loss.percent",
            "Packets lost of a hundred, of participants' worse way, each five seconds",
            LOSS_STEPS,
            "region",
            region.value()));
  }
}
