package dev.parley.media.conference;

/**
 * Picks the packets whose work is timed, about one in sixteen: a look at the clock for each would
 * cost as much as what some of them take. At random, so that talkers who send in step have their
 * share. Owned by one mix agent.
 */
final class PacketSampler {
  private static final int GAP_BITS = 5;

  /** Any but zero. */
  private int state = 0x2545_F491;

  private int gap = 1;
  private int left = 1;

  /** True if the packet at hand is to be timed. */
  boolean isPicked() {
    return --left == 0;
  }

  /** For how many packets the one that was picked stands; another will be picked. */
  int packetsStoodFor() {
    int stoodFor = gap;
    // Marsaglia's xorshift.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    gap = 1 + (state >>> Integer.SIZE - GAP_BITS);
    left = gap;
    return stoodFor;
  }
}
