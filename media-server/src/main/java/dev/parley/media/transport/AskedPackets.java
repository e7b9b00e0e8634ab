package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import java.util.Arrays;

/**
 * When each of a stream's newest packets was asked for last, so that a peer that asks again before
 * the answer can have come, or only to be sent much, is not answered twice. Owned by one event
 * loop.
 */
final class AskedPackets {
  private static final int MASK = Limits.RETRANSMITTABLE_PACKETS - 1;

  private final long[] indexes = new long[Limits.RETRANSMITTABLE_PACKETS];
  private final long[] askedNs = new long[Limits.RETRANSMITTABLE_PACKETS];

  AskedPackets() {
    Arrays.fill(indexes, Long.MIN_VALUE);
  }

  /** True if the packet was asked for less than the interval ago. */
  boolean isTooSoon(long index, long nowNs, long intervalNs) {
    int place = (int) index & MASK;
    return indexes[place] == index && nowNs - askedNs[place] < intervalNs;
  }

  void onAsked(long index, long nowNs) {
    int place = (int) index & MASK;
    indexes[place] = index;
    askedNs[place] = nowNs;
  }
}
