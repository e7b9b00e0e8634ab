package dev.parley.media.conference;

import dev.parley.media.conference.ConferenceEvent.WayFigures;
import org.jspecify.annotations.Nullable;

/**
 * How one way's packets travel: the worst of the reports since it was last told. Owned by one mix
 * agent.
 */
final class ReceptionFigures {
  private static final int TICKS_PER_MS = 48;
  private static final int FRACTIONS = 256;

  /** Half an hour in ticks: more is a client's nonsense. */
  private static final int JITTER_TICKS_MAX = TICKS_PER_MS * 1_800_000;

  private boolean isNew;
  private int fractionLost;
  private int jitterTicks;

  /**
   * Takes one report in.
   *
   * @param lost in 256ths, 0..255
   * @param jitter in ticks of 48 kHz, unsigned as it came from the network
   */
  void onReport(int lost, int jitter) {
    int bounded = Integer.compareUnsigned(jitter, JITTER_TICKS_MAX) > 0 ? JITTER_TICKS_MAX : jitter;
    fractionLost = isNew ? Math.max(fractionLost, lost) : lost;
    jitterTicks = isNew ? Math.max(jitterTicks, bounded) : bounded;
    isNew = true;
  }

  boolean isNew() {
    return isNew;
  }

  /** Returns what came since this was asked last, or null if nothing did. */
  @Nullable WayFigures take() {
    if (!isNew) {
      return null;
    }
    isNew = false;
    long jitterUs = jitterTicks * 1000L / TICKS_PER_MS;
    return new WayFigures(fractionLost * 1000 / FRACTIONS, (int) jitterUs);
  }
}
