package dev.parley.session.conference;

/**
 * How good a call sounds, estimated from what the network does to it: a mean opinion score by the
 * E-model (ITU-T G.107), with what we know of our Opus calls put in. It is a figure to compare
 * calls by and to set alarms on, not what a listening test would say. Pure.
 *
 * <p>R = 93.2 - Id - Ie,eff. The default values of G.107 leave 93.2 of which delay takes Id and
 * loss Ie,eff; all else (echo, noise, loudness) is left at its default. Narrowband's scale is used
 * although Opus carries the full band: the best score is 4.41, and a score means what it does in
 * other products.
 */
public final class EModel {
  /** R without delay and loss, all of G.107's parameters at their defaults. */
  static final double R_BEST = 93.2;

  /** Ie: what the codec takes by itself. Opus at our rates is taken to be as good as G.711. */
  static final double CODEC_IMPAIRMENT = 0;

  /**
   * Bpl: how well random losses are hidden. That of G.711 with concealment (G.113, appendix I) is
   * 25.1; Opus conceals no worse. What FEC, RED and NACK bring back is not counted, so scores err
   * on the cautious side.
   */
  static final double LOSS_ROBUSTNESS = 25.1;

  /** What the way adds to half a round trip: one frame, one mix tick, the least jitter buffer. */
  static final double FIXED_DELAY_MS = 60;

  /** How deep a jitter buffer gets, in times of the jitter. */
  static final double JITTER_BUFFER_DEPTH = 2;

  /** Below this many users are dissatisfied (R of 60, G.107 annex B). */
  public static final double MOS_BAD = 3.1;

  /** One-way delay from which talkers begin to disturb each other. */
  private static final double DELAY_KNEE_MS = 177.3;

  private EModel() {}

  /**
   * Returns the mean opinion score, 1 to 4.41, of one way.
   *
   * @param roundTripMs between client and media server; 0 if it is not known
   * @param jitterMs interarrival jitter
   * @param lossPercent packets lost, 0 to 100
   */
  public static double mos(double roundTripMs, double jitterMs, double lossPercent) {
    double delayMs = roundTripMs / 2 + FIXED_DELAY_MS + JITTER_BUFFER_DEPTH * jitterMs;
    return mosOf(R_BEST - delayImpairment(delayMs) - lossImpairment(lossPercent));
  }

  /** Id of a one-way delay, as Cole and Rosenbluth have simplified it. */
  static double delayImpairment(double delayMs) {
    return 0.024 * delayMs + 0.11 * Math.max(0, delayMs - DELAY_KNEE_MS);
  }

  /** Ie,eff of random loss (G.107, equation 7-29 with BurstR 1). */
  static double lossImpairment(double lossPercent) {
    return CODEC_IMPAIRMENT
        + (95 - CODEC_IMPAIRMENT) * lossPercent / (lossPercent + LOSS_ROBUSTNESS);
  }

  /** The score of a transmission rating R (G.107 annex B). */
  static double mosOf(double r) {
    if (r <= 0) {
      return 1;
    }
    if (r >= 100) {
      return 4.5;
    }
    // Just above zero the cubic dips below its own start.
    return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
  }
}
