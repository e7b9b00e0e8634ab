package dev.parley.session.conference;

import dev.parley.common.control.Quality;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one stay sounds: what was measured last, and a summary of all of it. Immutable; each report
 * makes the next one.
 *
 * @param at when the last report came
 * @param mos of the worse of both ways, 1 to 4.41, by {@link EModel}
 * @param roundTripUs between client and media server, microseconds, or null if it is not known
 * @param sent what the client sends, or null if nothing is known of late
 * @param received what the client is sent, or null if nothing is known of late
 */
public record StayQuality(
    Instant at,
    double mos,
    @Nullable Integer roundTripUs,
    @Nullable Way sent,
    @Nullable Way received,
    Summary summary) {
  /** Older figures of a way say nothing of the present. */
  static final Duration WAY_AGE_MAX = Duration.ofSeconds(20);

  /** For how long one report stands, unless the next comes sooner. */
  static final Duration REPORT_TIME_MAX = Duration.ofSeconds(10);

  private static final Duration REPORT_TIME = Duration.ofSeconds(5);

  /**
   * One way's figures.
   *
   * @param at when they came
   * @param lostPerMille packets lost on the way, of a thousand
   * @param jitterUs interarrival jitter, microseconds
   */
  public record Way(Instant at, int lostPerMille, int jitterUs) {}

  /**
   * The whole stay's figures so far, each report counted by the time it stands for.
   *
   * @param measuredMs milliseconds of the stay of which anything is known
   * @param mosMs score times milliseconds
   * @param mosWorst of any report
   * @param lossMs thousandths of the worse way lost, times milliseconds
   * @param lostPerMilleWorst of any report
   * @param badMs milliseconds with a score below {@link EModel#MOS_BAD}
   */
  public record Summary(
      long measuredMs,
      double mosMs,
      double mosWorst,
      double lossMs,
      int lostPerMilleWorst,
      long badMs) {
    static final Summary NOTHING = new Summary(0, 0, 5, 0, 0, 0);

    /** Returns the mean score, or 0 if nothing was measured. */
    public double mosMean() {
      return measuredMs == 0 ? 0 : mosMs / measuredMs;
    }

    /** Returns the mean loss of the worse way in thousandths, 0 if nothing was measured. */
    public double lostPerMilleMean() {
      return measuredMs == 0 ? 0 : lossMs / measuredMs;
    }

    private Summary with(double mos, int lostPerMille, long timeMs) {
      return new Summary(
          measuredMs + timeMs,
          mosMs + mos * timeMs,
          Math.min(mosWorst, mos),
          lossMs + (double) lostPerMille * timeMs,
          Math.max(lostPerMilleWorst, lostPerMille),
          mos < EModel.MOS_BAD ? badMs + timeMs : badMs);
    }
  }

  /**
   * Returns a stay's quality after one more report.
   *
   * @param before null if this is the first
   */
  static StayQuality after(@Nullable StayQuality before, Quality.Figures figures, Instant now) {
    Integer roundTripUs = figures.roundTripUs();
    if (roundTripUs == null && before != null) {
      roundTripUs = before.roundTripUs;
    }
    Way sent = newest(figures.sent(), before == null ? null : before.sent, now);
    Way received = newest(figures.received(), before == null ? null : before.received, now);
    double roundTripMs = roundTripUs == null ? 0 : roundTripUs / 1000.0;
    double mos = Math.min(mosOf(sent, roundTripMs), mosOf(received, roundTripMs));
    int lost = Math.max(lostPerMille(sent), lostPerMille(received));
    Summary summary = before == null ? Summary.NOTHING : before.summary;
    long timeMs = timeMs(before, now);
    return new StayQuality(now, mos, roundTripUs, sent, received, summary.with(mos, lost, timeMs));
  }

  /** Returns the loss of the worse way in thousandths. */
  public int lostPerMille() {
    return Math.max(lostPerMille(sent), lostPerMille(received));
  }

  /** Returns the jitter of the worse way in microseconds. */
  public int jitterUs() {
    return Math.max(sent == null ? 0 : sent.jitterUs, received == null ? 0 : received.jitterUs);
  }

  private static long timeMs(@Nullable StayQuality before, Instant now) {
    if (before == null) {
      return REPORT_TIME.toMillis();
    }
    long sinceMs = Duration.between(before.at, now).toMillis();
    return Math.clamp(sinceMs, 0, REPORT_TIME_MAX.toMillis());
  }

  private static @Nullable Way newest(
      Quality.@Nullable Way told, @Nullable Way before, Instant now) {
    if (told != null) {
      return new Way(now, told.lostPerMille(), told.jitterUs());
    }
    return before == null || before.at.plus(WAY_AGE_MAX).isBefore(now) ? null : before;
  }

  private static double mosOf(@Nullable Way way, double roundTripMs) {
    return way == null
        ? EModel.mos(roundTripMs, 0, 0)
        : EModel.mos(roundTripMs, way.jitterUs / 1000.0, way.lostPerMille / 10.0);
  }

  private static int lostPerMille(@Nullable Way way) {
    return way == null ? 0 : way.lostPerMille;
  }
}
