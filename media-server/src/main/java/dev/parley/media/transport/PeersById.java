package dev.parley.media.transport;

import org.jspecify.annotations.Nullable;

/**
 * Peers by their ids, which are given in turn: those who joined one after the other, and so are
 * sent to one after the other, are neighbours here. Open addressing with linear probing, of blocks
 * of neighbours: where a block lies is a hash of its number, or groups that joined long after each
 * other would lie over each other. Owned by one event loop.
 */
final class PeersById {
  private static final int INITIAL_CAPACITY = 64;

  /** Sixteen references are one or two lines of the processor's cache. */
  private static final int BLOCK_BITS = 4;

  private static final int BLOCK_MASK = (1 << BLOCK_BITS) - 1;

  /** 2^32 divided by the golden ratio: numbers in turn are spread evenly by it. */
  private static final int SPREAD = 0x9E3779B9;

  /** The upper bits of a product depend on all of its factor. */
  private static final int SPREAD_SHIFT = 12;

  /** A power of two, at most half full. */
  private @Nullable Peer[] table = new Peer[INITIAL_CAPACITY];

  private int count;

  @Nullable Peer get(int id) {
    int mask = table.length - 1;
    for (int i = home(id) & mask; ; i = i + 1 & mask) {
      Peer peer = table[i];
      if (peer == null || peer.id() == id) {
        return peer;
      }
    }
  }

  /** Adds a peer whose id nobody else has. */
  void add(Peer peer) {
    assert get(peer.id()) == null : peer.id();
    if (2 * (count + 1) > table.length) {
      @Nullable Peer[] smaller = table;
      table = new Peer[2 * smaller.length];
      for (Peer known : smaller) {
        if (known != null) {
          place(known);
        }
      }
    }
    place(peer);
    count++;
  }

  private void place(Peer peer) {
    int mask = table.length - 1;
    int i = home(peer.id()) & mask;
    while (table[i] != null) {
      i = i + 1 & mask;
    }
    table[i] = peer;
  }

  /** Removes a peer that is here. */
  void remove(Peer peer) {
    int mask = table.length - 1;
    int gap = home(peer.id()) & mask;
    while (table[gap] != peer) {
      gap = gap + 1 & mask;
    }
    count--;
    // Whoever behind it is looked for over its place moves into it.
    int i = gap + 1 & mask;
    for (Peer next = table[i]; next != null; next = table[i]) {
      int fromHome = i - home(next.id()) & mask;
      if (fromHome >= (i - gap & mask)) {
        table[gap] = next;
        gap = i;
      }
      i = i + 1 & mask;
    }
    table[gap] = null;
  }

  /** Where an id is looked for first, before the table's mask. */
  static int home(int id) {
    int hash = (id >>> BLOCK_BITS) * SPREAD;
    return hash >>> SPREAD_SHIFT << BLOCK_BITS | id & BLOCK_MASK;
  }
}
