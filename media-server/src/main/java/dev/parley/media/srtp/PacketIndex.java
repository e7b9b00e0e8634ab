package dev.parley.media.srtp;

/** The index of an RTP packet: roll-over counter and sequence number (RFC 3711 section 3.3.1). */
final class PacketIndex {
  /**
   * The last one that may be protected under a key (RFC 3711 section 9.2), less the few that a
   * first packet may be preceded by: those count backwards from 0 and so from the end of the 48
   * bits.
   */
  static final long MAX = (1L << 48) - (1 << 15) - 1;

  private PacketIndex() {}

  /** The index of a sequence number that is nearest to the highest seen, at 0 or more. */
  static long nearest(long highestIndex, int sequenceNumber) {
    int step = (short) (sequenceNumber - (int) highestIndex);
    // Half a cycle away: the RFC stays within the roll-over counter.
    return highestIndex + (step == Short.MIN_VALUE && (highestIndex & 0x8000) == 0 ? -step : step);
  }
}
