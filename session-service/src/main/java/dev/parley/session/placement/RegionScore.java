package dev.parley.session.placement;

/**
 * How well a region suits somebody: the round trip, more if the region is busy, less if the
 * conference is there already. Stateless.
 */
public final class RegionScore {
  /** The round trip to a region of which nothing is known: as from the other side of the earth. */
  public static final double FAR_MS = 300;

  /** From so much of the load on, a region counts as farther than it is. */
  private static final double LOAD_FREE = 0.6;

  /** How much farther, when it is full. */
  private static final double LOAD_MS_MAX = 100;

  /** Those who are there would have to move: a region a little nearer is not worth it. */
  private static final double HOST_MS = 30;

  private RegionScore() {}

  /**
   * Returns the score in milliseconds; less is better.
   *
   * @param load how busy the region is, 0.0 to 1.0; more counts as 1.0
   */
  public static double costMs(double rttMs, double load, boolean isHost) {
    double busy = Math.clamp((load - LOAD_FREE) / (1 - LOAD_FREE), 0, 1);
    return rttMs + busy * LOAD_MS_MAX - (isHost ? HOST_MS : 0);
  }
}
