package dev.parley.media.conference;

import org.agrona.collections.LongArrayList;

/**
 * Peers that event loops have still to be told to remove, because their command queue was full.
 * Owned by one mix agent.
 */
final class PeerRemovals {
  private final PeerCommands peers;
  private final LongArrayList waiting = new LongArrayList();

  PeerRemovals(PeerCommands peers) {
    this.peers = peers;
  }

  void remove(int loopIndex, int peerId) {
    if (!peers.removePeer(loopIndex, peerId)) {
      waiting.addLong(((long) loopIndex << 32) | (peerId & 0xFFFF_FFFFL));
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Asks again; how many were taken. */
  int flush() {
    int count = 0;
    for (int i = waiting.size() - 1; i >= 0; i--) {
      long removal = waiting.getLong(i);
      if (peers.removePeer((int) (removal >> 32), (int) removal)) {
        waiting.fastUnorderedRemove(i);
        count++;
      }
    }
    return count;
  }
}
