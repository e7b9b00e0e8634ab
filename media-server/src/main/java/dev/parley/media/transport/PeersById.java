package dev.parley.media.transport;

import org.jspecify.annotations.Nullable;

/**
 * Peers by their ids, which are given in turn: those who joined one after the other, and so are
 * sent to one after the other, are neighbours here. Open addressing with linear probing. Owned by
 * one event loop.
 */
final class PeersById {
  private static final int INITIAL_CAPACITY = 64;

  /** A power of two, at most half full. */
  private @Nullable Peer[] table = new Peer[INITIAL_CAPACITY];

  private int count;

  @Nullable Peer get(int id) {
    int mask = table.length - 1;
    for (int i = id & mask; ; i = i + 1 & mask) {
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
    int i = peer.id() & mask;
    while (table[i] != null) {
      i = i + 1 & mask;
    }
    table[i] = peer;
  }

  /** Removes a peer that is here. */
  void remove(Peer peer) {
    int mask = table.length - 1;
    int i = peer.id() & mask;
    while (table[i] != peer) {
      i = i + 1 & mask;
    }
    table[i] = null;
    count--;
    // Those behind it may have been looked for over its place.
    for (i = i + 1 & mask; table[i] != null; i = i + 1 & mask) {
      Peer moved = table[i];
      table[i] = null;
      place(moved);
    }
  }
}
