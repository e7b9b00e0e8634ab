package dev.parley.media.packet;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * Flyweight over what a peer reported, by RTCP, about the reception of our packets (RFC 3550
 * section 6.4.1), on an inbound ring. One thread.
 */
public final class ReceptionReport {
  /** Message type on the inbound ring. */
  public static final int TYPE = 3;

  /** What {@link #roundTripNs} says when the peer has not seen a sender report of ours yet. */
  public static final long ROUND_TRIP_UNKNOWN = -1;

  private static final int ROUND_TRIP_OFFSET = 0;
  private static final int PEER_ID_OFFSET = 8;
  private static final int JITTER_OFFSET = 12;
  private static final int FRACTION_LOST_OFFSET = 16;
  private static final int LENGTH = 20;

  private DirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int offset;

  /** Wraps the message that starts at the offset. */
  public ReceptionReport wrap(DirectBuffer buffer, int offset) {
    this.buffer = buffer;
    this.offset = offset;
    return this;
  }

  public int peerId() {
    return buffer.getInt(offset + PEER_ID_OFFSET);
  }

  /** Packets lost since the report before, in 256ths of those expected, 0..255. */
  public int fractionLost() {
    return buffer.getInt(offset + FRACTION_LOST_OFFSET);
  }

  /** Round trip from LSR and DLSR, or {@link #ROUND_TRIP_UNKNOWN}. */
  public long roundTripNs() {
    return buffer.getLong(offset + ROUND_TRIP_OFFSET);
  }

  /** Interarrival jitter at the peer in ticks of 48 kHz, unsigned. */
  public int jitterTicks() {
    return buffer.getInt(offset + JITTER_OFFSET);
  }

  /** Writes one message. False if the ring is full: the caller counts and drops. */
  public static boolean tryWrite(
      RingBuffer ring, int peerId, int fractionLost, long roundTripNs, int jitterTicks) {
    assert fractionLost >= 0 && fractionLost <= 255 : fractionLost;
    int index = ring.tryClaim(TYPE, LENGTH);
    if (index < 0) {
      return false;
    }
    AtomicBuffer buffer = ring.buffer();
    buffer.putLong(index + ROUND_TRIP_OFFSET, roundTripNs);
    buffer.putInt(index + PEER_ID_OFFSET, peerId);
    buffer.putInt(index + JITTER_OFFSET, jitterTicks);
    buffer.putInt(index + FRACTION_LOST_OFFSET, fractionLost);
    ring.commit(index);
    return true;
  }
}
