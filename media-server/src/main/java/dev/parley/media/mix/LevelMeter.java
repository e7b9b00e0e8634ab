package dev.parley.media.mix;

/**
 * The level of a frame as RFC 6464 §3 and RFC 6465 §3 count it: root mean square against the
 * loudest a sample can be, in dBov. Stateless.
 */
public final class LevelMeter {
  /** Silence. */
  public static final int LEVEL_MIN_DBOV = -127;

  private LevelMeter() {}

  /** Level of the whole frame, 0..-127 dBov; a full-scale sine is -3. */
  public static int levelDbov(float[] frame, int length) {
    return levelDbov(FrameKernels.meanSquare(frame, 0, length));
  }

  /** Level of a mean square, 0..-127 dBov. */
  public static int levelDbov(float meanSquare) {
    // Also true of what is not a number.
    if (!(meanSquare > 0f)) {
      return LEVEL_MIN_DBOV;
    }
    long level = Math.round(10 * Math.log10(meanSquare));
    return (int) Math.max(LEVEL_MIN_DBOV, Math.min(0, level));
  }
}
