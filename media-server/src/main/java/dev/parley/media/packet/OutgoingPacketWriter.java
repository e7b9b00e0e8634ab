package dev.parley.media.packet;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@link OutgoingPacket} messages straight into an outbound ring: claim room, set level,
 * CSRCs and payload, add targets one by one, commit. Owned by one mix agent.
 */
public final class OutgoingPacketWriter {
  private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
  private @Nullable RingBuffer ring;
  private int index;
  private int csrcsOffset;
  private int csrcRoom;
  private int csrcCount;
  private int targetRoom;
  private int targetCount;

  /**
   * Claims room for a payload, exactly so many CSRCs and at most so many targets. The level starts
   * as unknown. False if the ring is full: the caller counts and drops, and never waits.
   */
  public boolean tryClaim(RingBuffer ring, int payloadLength, int csrcCount, int targetRoom) {
    assert payloadLength >= 0 && payloadLength <= Limits.PAYLOAD_LENGTH_MAX : payloadLength;
    assert csrcCount >= 0 && csrcCount <= Limits.CSRC_COUNT_MAX : csrcCount;
    assert targetRoom >= 0 && targetRoom <= Limits.TARGETS_PER_MESSAGE_MAX : targetRoom;
    int length = OutgoingPacket.encodedLength(payloadLength, csrcCount, targetRoom);
    int claimed = ring.tryClaim(OutgoingPacket.TYPE, length);
    if (claimed < 0) {
      return false;
    }
    this.ring = ring;
    this.targetRoom = targetRoom;
    index = claimed;
    csrcsOffset = OutgoingPacket.csrcsOffset(targetRoom);
    csrcRoom = csrcCount;
    this.csrcCount = 0;
    targetCount = 0;
    buffer.wrap(ring.buffer(), claimed, length);
    buffer.putShort(OutgoingPacket.PAYLOAD_LENGTH_OFFSET, (short) payloadLength);
    buffer.putShort(OutgoingPacket.TARGET_ROOM_OFFSET, (short) targetRoom);
    buffer.putByte(OutgoingPacket.CSRC_COUNT_OFFSET, (byte) csrcCount);
    level(ReceivedPacket.LEVEL_UNKNOWN, false);
    return true;
  }

  /** Level of the talker or of the mix, -127..0 dBov or unknown, and whether it is speech. */
  public OutgoingPacketWriter level(int levelDbov, boolean voiceActivity) {
    assert levelDbov >= -127 && levelDbov <= ReceivedPacket.LEVEL_UNKNOWN : levelDbov;
    buffer.putByte(OutgoingPacket.LEVEL_OFFSET, (byte) levelDbov);
    buffer.putByte(
        OutgoingPacket.FLAGS_OFFSET,
        (byte) (voiceActivity ? OutgoingPacket.VOICE_ACTIVITY_FLAG : 0));
    return this;
  }

  /** Says that this is a packet its receiver lost. After {@link #level}. */
  public OutgoingPacketWriter retransmission() {
    return flag(OutgoingPacket.RETRANSMISSION_FLAG);
  }

  /** Says that the payload is RED (RFC 2198), to be well-formed. After {@link #level}. */
  public OutgoingPacketWriter red() {
    return flag(OutgoingPacket.RED_FLAG);
  }

  private OutgoingPacketWriter flag(int flag) {
    int flags = buffer.getByte(OutgoingPacket.FLAGS_OFFSET) | flag;
    buffer.putByte(OutgoingPacket.FLAGS_OFFSET, (byte) flags);
    return this;
  }

  /** Appends one talker. All CSRCs claimed must be given. */
  public OutgoingPacketWriter addCsrc(int csrc, int levelDbov) {
    assert csrcCount < csrcRoom : csrcCount;
    buffer.putInt(csrcsOffset + 4 * csrcCount, csrc);
    buffer.putByte(csrcsOffset + 4 * csrcRoom + csrcCount, (byte) levelDbov);
    csrcCount++;
    return this;
  }

  /** Copies the payload of the length claimed. */
  public OutgoingPacketWriter payload(byte[] source, int sourceOffset) {
    buffer.putBytes(payloadOffset(), source, sourceOffset, payloadLength());
    return this;
  }

  /** Copies the payload of the length claimed. */
  public OutgoingPacketWriter payload(DirectBuffer source, int sourceOffset) {
    buffer.putBytes(payloadOffset(), source, sourceOffset, payloadLength());
    return this;
  }

  /** Copies a part of the payload to its place, counted from the payload's start. */
  public OutgoingPacketWriter payloadPart(
      int position, DirectBuffer source, int sourceOffset, int length) {
    assert position + length <= payloadLength() : position + length;
    buffer.putBytes(payloadOffset() + position, source, sourceOffset, length);
    return this;
  }

  /** True while targets may be added. */
  public boolean hasRoom() {
    return targetCount < targetRoom;
  }

  public int targetCount() {
    return targetCount;
  }

  /** Appends one receiver; only the low 16 bits of the sequence number are kept. */
  public OutgoingPacketWriter addTarget(
      int peerId, int line, int sequenceNumber, int timestampTicks, boolean marker) {
    assert hasRoom() : targetCount;
    int target = OutgoingPacket.TARGETS_OFFSET + OutgoingPacket.TARGET_LENGTH * targetCount;
    buffer.putInt(target + OutgoingPacket.TARGET_PEER_ID_OFFSET, peerId);
    buffer.putInt(target + OutgoingPacket.TARGET_TIMESTAMP_OFFSET, timestampTicks);
    buffer.putShort(target + OutgoingPacket.TARGET_SEQUENCE_NUMBER_OFFSET, (short) sequenceNumber);
    buffer.putByte(target + OutgoingPacket.TARGET_LINE_OFFSET, (byte) line);
    buffer.putByte(
        target + OutgoingPacket.TARGET_FLAGS_OFFSET,
        (byte) (marker ? OutgoingPacket.TARGET_MARKER_FLAG : 0));
    targetCount++;
    return this;
  }

  /** Makes the message visible to the event loop. */
  public void commit() {
    assert csrcCount == csrcRoom : csrcCount;
    buffer.putShort(OutgoingPacket.TARGET_COUNT_OFFSET, (short) targetCount);
    assert ring != null : "claim first";
    ring.commit(index);
    ring = null;
  }

  /** Gives the claim back: nobody sees the message. */
  public void abort() {
    assert ring != null : "claim first";
    ring.abort(index);
    ring = null;
  }

  private int payloadLength() {
    return buffer.getShort(OutgoingPacket.PAYLOAD_LENGTH_OFFSET) & 0xFFFF;
  }

  private int payloadOffset() {
    return csrcsOffset + 5 * csrcRoom;
  }
}
