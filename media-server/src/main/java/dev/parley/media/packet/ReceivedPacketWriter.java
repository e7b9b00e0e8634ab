package dev.parley.media.packet;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@link ReceivedPacket} messages straight into an inbound ring: claim, set every field,
 * commit. Owned by one event loop.
 */
public final class ReceivedPacketWriter {
  private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
  private @Nullable RingBuffer ring;
  private int index;
  private int flags;

  /**
   * Claims room for a packet with such a payload. False if the ring is full: the caller counts and
   * drops.
   */
  public boolean tryClaim(RingBuffer ring, int payloadLength) {
    assert payloadLength >= 0 && payloadLength <= Limits.PAYLOAD_LENGTH_MAX : payloadLength;
    int length = ReceivedPacket.encodedLength(payloadLength);
    int claimed = ring.tryClaim(ReceivedPacket.TYPE, length);
    if (claimed < 0) {
      return false;
    }
    this.ring = ring;
    index = claimed;
    flags = 0;
    buffer.wrap(ring.buffer(), claimed, length);
    buffer.putShort(ReceivedPacket.PAYLOAD_LENGTH_OFFSET, (short) payloadLength);
    return true;
  }

  public ReceivedPacketWriter peerId(int peerId) {
    buffer.putInt(ReceivedPacket.PEER_ID_OFFSET, peerId);
    return this;
  }

  public ReceivedPacketWriter arrivalNs(long arrivalNs) {
    buffer.putLong(ReceivedPacket.ARRIVAL_OFFSET, arrivalNs);
    return this;
  }

  public ReceivedPacketWriter ssrc(int ssrc) {
    buffer.putInt(ReceivedPacket.SSRC_OFFSET, ssrc);
    return this;
  }

  public ReceivedPacketWriter timestampTicks(int timestampTicks) {
    buffer.putInt(ReceivedPacket.TIMESTAMP_OFFSET, timestampTicks);
    return this;
  }

  /** Sequence number; only its low 16 bits are kept. */
  public ReceivedPacketWriter sequenceNumber(int sequenceNumber) {
    buffer.putShort(ReceivedPacket.SEQUENCE_NUMBER_OFFSET, (short) sequenceNumber);
    return this;
  }

  public ReceivedPacketWriter payloadType(int payloadType) {
    buffer.putByte(ReceivedPacket.PAYLOAD_TYPE_OFFSET, (byte) payloadType);
    return this;
  }

  /** -127..0 or {@link ReceivedPacket#LEVEL_UNKNOWN}. */
  public ReceivedPacketWriter levelDbov(int levelDbov) {
    assert levelDbov >= -127 && levelDbov <= ReceivedPacket.LEVEL_UNKNOWN : levelDbov;
    buffer.putByte(ReceivedPacket.LEVEL_OFFSET, (byte) levelDbov);
    return this;
  }

  public ReceivedPacketWriter voiceActivity(boolean voiceActivity) {
    flags =
        voiceActivity
            ? flags | ReceivedPacket.VOICE_ACTIVITY_FLAG
            : flags & ~ReceivedPacket.VOICE_ACTIVITY_FLAG;
    return this;
  }

  public ReceivedPacketWriter marker(boolean marker) {
    flags = marker ? flags | ReceivedPacket.MARKER_FLAG : flags & ~ReceivedPacket.MARKER_FLAG;
    return this;
  }

  /** Copies the payload of the length claimed. */
  public ReceivedPacketWriter payload(byte[] source, int sourceOffset) {
    int length = buffer.getShort(ReceivedPacket.PAYLOAD_LENGTH_OFFSET) & 0xFFFF;
    buffer.putBytes(ReceivedPacket.PAYLOAD_OFFSET, source, sourceOffset, length);
    return this;
  }

  /** Makes the message visible to the reader. */
  public void commit() {
    buffer.putByte(ReceivedPacket.FLAGS_OFFSET, (byte) flags);
    assert ring != null : "claim first";
    ring.commit(index);
    ring = null;
  }
}
