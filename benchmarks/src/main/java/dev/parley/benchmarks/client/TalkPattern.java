package dev.parley.benchmarks.client;

/**
 * How a client pauses between its talk-spurts.
 *
 * @param pause what it sends in silence
 * @param pauseIntervalMs time between packets of silence: 20, or a multiple for discontinuous
 *     transmission, or 0 for none at all
 * @param seed of the lengths
 */
public record TalkPattern(VoiceSource pause, int pauseIntervalMs, long seed) {
  /** Refuses an interval that is not of whole frames. */
  public TalkPattern {
    if (pauseIntervalMs < 0 || pauseIntervalMs % ClientSettings.PACKET_MS != 0) {
      throw new IllegalArgumentException(
          "pauseIntervalMs must be 0 or a multiple of 20: " + pauseIntervalMs);
    }
  }
}
