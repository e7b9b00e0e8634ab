package dev.parley.media.packet;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/** Flyweight over the news, on an inbound ring, that a peer's path changed. One thread. */
public final class PeerStateChange {
  /** Message type on the inbound ring. */
  public static final int TYPE = 2;

  private static final int NOW_OFFSET = 0;
  private static final int PEER_ID_OFFSET = 8;
  private static final int STATE_OFFSET = 12;
  private static final int LENGTH = 16;

  private DirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int offset;

  /** Wraps the message that starts at the offset. */
  public PeerStateChange wrap(DirectBuffer buffer, int offset) {
    this.buffer = buffer;
    this.offset = offset;
    return this;
  }

  public int peerId() {
    return buffer.getInt(offset + PEER_ID_OFFSET);
  }

  public PeerState state() {
    return PeerState.of(buffer.getInt(offset + STATE_OFFSET));
  }

  /** When the event loop saw the change, on the process's monotonic clock. */
  public long nowNs() {
    return buffer.getLong(offset + NOW_OFFSET);
  }

  /** Writes one message. False if the ring is full: the caller keeps the news and tries again. */
  public static boolean tryWrite(RingBuffer ring, int peerId, PeerState state, long nowNs) {
    int index = ring.tryClaim(TYPE, LENGTH);
    if (index < 0) {
      return false;
    }
    AtomicBuffer buffer = ring.buffer();
    buffer.putLong(index + NOW_OFFSET, nowNs);
    buffer.putInt(index + PEER_ID_OFFSET, peerId);
    buffer.putInt(index + STATE_OFFSET, state.code());
    ring.commit(index);
    return true;
  }
}
