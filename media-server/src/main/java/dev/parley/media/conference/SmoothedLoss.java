package dev.parley.media.conference;

/**
 * The share of packets a listener loses, smoothed over its reports. It follows a rise sooner than a
 * fall, for too little FEC is heard at once and too much hardly; and it moves in steps, so that
 * reports that differ by chance leave the encoder alone. Owned by one mix agent.
 */
final class SmoothedLoss {
  /** Smallest change worth telling; less loss than this is hidden well by concealment alone. */
  static final int STEP_PERCENT = 2;

  private static final int RISE_PART = 2;
  private static final int FALL_PART = 4;

  /** In 65 536ths: a report's 256ths leave a slow fall no room. */
  private int lost;

  private int percent;

  /** Takes in one report's loss, 0..255 in 256ths. */
  void onFractionLost(int fractionLost) {
    int change = (fractionLost << 8) - lost;
    lost += change / (change > 0 ? RISE_PART : FALL_PART);
    int rounded = lost * 100 + (1 << 15) >> 16;
    if (rounded == 0 || Math.abs(rounded - percent) >= STEP_PERCENT) {
      percent = rounded;
    }
  }

  /** Packets in a hundred that get lost on the way, 0..100. */
  int percent() {
    return percent;
  }
}
