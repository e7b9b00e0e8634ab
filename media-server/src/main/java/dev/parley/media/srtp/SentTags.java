package dev.parley.media.srtp;

import dev.parley.media.packet.Limits;

/**
 * Enough of the tag of each of an SSRC's last packets to know it again. Counter modes give their
 * key stream away if two different packets leave under one index (RFC 3711 section 9.1), so what
 * leaves a second time must have the tag it had the first time. Owned by the sender.
 */
final class SentTags {
  /** Packets remembered, the newest included. */
  static final int COUNT = Limits.RETRANSMITTABLE_PACKETS;

  private static final long NONE = -1;

  private final long[] tags = new long[COUNT];
  private long highestIndex = NONE;

  /** Bit i: the packet i before the newest was sent. As many bits as packets are remembered. */
  private long sent;

  /**
   * The 48-bit index nearest to the newest one (RFC 3711 section 3.3.1), 0..65535 being the first.
   */
  long indexOf(int sequenceNumber) {
    return highestIndex == NONE
        ? sequenceNumber
        : PacketIndex.nearest(highestIndex, sequenceNumber);
  }

  /** See {@link SsrcSender#touch}: the newest index first, then the place of the next tag. */
  long touch(int stage) {
    return stage == 0 ? highestIndex : tags[(int) (highestIndex + 1) & COUNT - 1];
  }

  boolean isTooOld(long index) {
    return highestIndex - index >= COUNT;
  }

  boolean wasSent(long index) {
    long age = highestIndex - index;
    return age >= 0 && age < COUNT && (sent >>> age & 1) != 0;
  }

  /** The end of the tag of a packet that was sent. */
  long tagOf(long index) {
    assert wasSent(index) : index;
    return tags[(int) index & COUNT - 1];
  }

  void onSent(long index, long tag) {
    assert !isTooOld(index) && !wasSent(index) : index;
    long step = index - highestIndex;
    if (step > 0) {
      sent = step < COUNT ? sent << step | 1 : 1;
      highestIndex = index;
    } else {
      sent |= 1L << -step;
    }
    tags[(int) index & COUNT - 1] = tag;
  }
}
