package dev.parley.media.packet;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * Flyweight over what we reported to a peer, by RTCP, about the reception of its packets (RFC 3550
 * section 6.4.1), on an inbound ring: the other way round from {@link ReceptionReport}. One thread.
 */
public final class UplinkReport {
  /** Message type on the inbound ring. */
  public static final int TYPE = 5;

  private static final int PEER_ID_OFFSET = 0;
  private static final int FRACTION_LOST_OFFSET = 4;
  private static final int JITTER_OFFSET = 8;
  private static final int LENGTH = 12;

  private DirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int offset;

  /** Wraps the message that starts at the offset. */
  public UplinkReport wrap(DirectBuffer buffer, int offset) {
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

  /** Interarrival jitter here in ticks of 48 kHz. */
  public int jitterTicks() {
    return buffer.getInt(offset + JITTER_OFFSET);
  }

  /** Writes one message. False if the ring is full: the caller counts and drops. */
  public static boolean tryWrite(RingBuffer ring, int peerId, int fractionLost, int jitterTicks) {
    assert fractionLost >= 0 && fractionLost <= 255 : fractionLost;
    int index = ring.tryClaim(TYPE, LENGTH);
    if (index < 0) {
      return false;
    }
    AtomicBuffer buffer = ring.buffer();
    buffer.putInt(index + PEER_ID_OFFSET, peerId);
    buffer.putInt(index + FRACTION_LOST_OFFSET, fractionLost);
    buffer.putInt(index + JITTER_OFFSET, jitterTicks);
    ring.commit(index);
    return true;
  }
}
