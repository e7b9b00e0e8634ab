package dev.parley.media.packet;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * Flyweight over one entry of a peer's generic NACK (RFC 4585 section 6.2.1), on an inbound ring:
 * packets of a line that it wants again. The event loop has left out what may not be asked for. One
 * thread.
 */
public final class LostPackets {
  /** Message type on the inbound ring. */
  public static final int TYPE = 4;

  /** Packets one message can name: PID and the 16 of BLP. */
  public static final int COUNT_MAX = 17;

  private static final int PEER_ID_OFFSET = 0;
  private static final int LOST_OFFSET = 4;
  private static final int SEQUENCE_NUMBER_OFFSET = 8;
  private static final int LINE_OFFSET = 10;
  private static final int LENGTH = 12;

  private DirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int offset;

  /** Wraps the message that starts at the offset. */
  public LostPackets wrap(DirectBuffer buffer, int offset) {
    this.buffer = buffer;
    this.offset = offset;
    return this;
  }

  public int peerId() {
    return buffer.getInt(offset + PEER_ID_OFFSET);
  }

  /** Index of the peer's line, 0..255. */
  public int line() {
    return buffer.getByte(offset + LINE_OFFSET) & 0xFF;
  }

  /** True if the packet at the index, 0..16, is wanted. */
  public boolean isLost(int index) {
    assert index >= 0 && index < COUNT_MAX : index;
    return (buffer.getInt(offset + LOST_OFFSET) >>> index & 1) != 0;
  }

  /** Sequence number of the packet at the index, 0..16, as the peer sees it: 0..65535. */
  public int sequenceNumber(int index) {
    return buffer.getShort(offset + SEQUENCE_NUMBER_OFFSET) + index & 0xFFFF;
  }

  /**
   * Writes one message: bit i of {@code lost} wants the packet i after the sequence number, 0..16.
   * False if the ring is full: the caller counts and drops.
   */
  public static boolean tryWrite(
      RingBuffer ring, int peerId, int line, int sequenceNumber, int lost) {
    assert lost > 0 && lost < 1 << COUNT_MAX : lost;
    int index = ring.tryClaim(TYPE, LENGTH);
    if (index < 0) {
      return false;
    }
    AtomicBuffer buffer = ring.buffer();
    buffer.putInt(index + PEER_ID_OFFSET, peerId);
    buffer.putInt(index + LOST_OFFSET, lost);
    buffer.putShort(index + SEQUENCE_NUMBER_OFFSET, (short) sequenceNumber);
    buffer.putByte(index + LINE_OFFSET, (byte) line);
    ring.commit(index);
    return true;
  }
}
