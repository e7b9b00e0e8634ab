package dev.parley.media.conference;

import java.util.function.LongConsumer;

/**
 * Turns peers from the mix agent that a conference leaves to the one it goes to. Called by mix
 * agents; must not block.
 */
@FunctionalInterface
public interface PeerRouting {
  /**
   * Lets an event loop hand to the new agent whatever comes of these peers from now on. Peers that
   * the loop no longer has are no matter.
   *
   * @param onTurned told on the loop's thread, at once when it has turned them, up to which
   *     position it has written its ring to the old agent
   * @return false if the loop is too far behind: the agent asks again
   */
  boolean turn(int loopIndex, int[] peerIds, LongConsumer onTurned);
}
