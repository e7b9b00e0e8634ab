package dev.parley.media.packet;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Flyweight over one payload for many receivers, on an outbound ring. The event loop wraps it,
 * builds, encrypts and sends one datagram for each target, and forgets it. Written by {@link
 * OutgoingPacketWriter}. One thread.
 */
public final class OutgoingPacket {
  /** Message type on the outbound ring. */
  public static final int TYPE = 1;

  // Fixed part, then targets (12 bytes each), CSRCs (4), their levels (1), payload.
  static final int PAYLOAD_LENGTH_OFFSET = 0;
  static final int TARGET_COUNT_OFFSET = 2;
  static final int TARGET_ROOM_OFFSET = 4;
  static final int CSRC_COUNT_OFFSET = 6;
  static final int FLAGS_OFFSET = 7;
  static final int LEVEL_OFFSET = 8;
  static final int TARGETS_OFFSET = 12;

  static final int TARGET_PEER_ID_OFFSET = 0;
  static final int TARGET_TIMESTAMP_OFFSET = 4;
  static final int TARGET_SEQUENCE_NUMBER_OFFSET = 8;
  static final int TARGET_LINE_OFFSET = 10;
  static final int TARGET_FLAGS_OFFSET = 11;
  static final int TARGET_LENGTH = 12;

  static final int VOICE_ACTIVITY_FLAG = 1;
  static final int RETRANSMISSION_FLAG = 2;
  static final int RED_FLAG = 4;
  static final int TARGET_MARKER_FLAG = 1;
  private static final int CSRC_LENGTH = 4;

  private DirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int offset;
  private int csrcsOffset;
  private int csrcLevelsOffset;
  private int payloadOffset;

  /** Wraps the message that starts at the offset. */
  public OutgoingPacket wrap(DirectBuffer buffer, int offset) {
    this.buffer = buffer;
    this.offset = offset;
    int targetRoom = buffer.getShort(offset + TARGET_ROOM_OFFSET) & 0xFFFF;
    csrcsOffset = offset + csrcsOffset(targetRoom);
    csrcLevelsOffset = csrcsOffset + CSRC_LENGTH * csrcCount();
    payloadOffset = csrcLevelsOffset + csrcCount();
    return this;
  }

  /** Bytes a message takes on the ring. */
  public static int encodedLength(int payloadLength, int csrcCount, int targetRoom) {
    return csrcsOffset(targetRoom) + (CSRC_LENGTH + 1) * csrcCount + payloadLength;
  }

  static int csrcsOffset(int targetRoom) {
    return TARGETS_OFFSET + TARGET_LENGTH * targetRoom;
  }

  /** Level of the talker or of the mix, -127..0 dBov, or {@link ReceivedPacket#LEVEL_UNKNOWN}. */
  public int levelDbov() {
    return buffer.getByte(offset + LEVEL_OFFSET);
  }

  public boolean voiceActivity() {
    return (buffer.getByte(offset + FLAGS_OFFSET) & VOICE_ACTIVITY_FLAG) != 0;
  }

  /** True if its receiver was sent this packet before, or should have been, and lost it. */
  public boolean isRetransmission() {
    return (buffer.getByte(offset + FLAGS_OFFSET) & RETRANSMISSION_FLAG) != 0;
  }

  /**
   * True if the payload is RED (RFC 2198): well-formed, its blocks' payload types yet to be set to
   * each receiver's.
   */
  public boolean isRed() {
    return (buffer.getByte(offset + FLAGS_OFFSET) & RED_FLAG) != 0;
  }

  /** How many are heard in this packet, 0..15. */
  public int csrcCount() {
    return buffer.getByte(offset + CSRC_COUNT_OFFSET) & 0xFF;
  }

  /** Number of the talker at the index (RFC 3550 section 5.1). */
  public int csrc(int index) {
    assert index >= 0 && index < csrcCount() : index;
    return buffer.getInt(csrcsOffset + CSRC_LENGTH * index);
  }

  /** Level of the talker at the index, -127..0 dBov (RFC 6465). */
  public int csrcLevelDbov(int index) {
    assert index >= 0 && index < csrcCount() : index;
    return buffer.getByte(csrcLevelsOffset + index);
  }

  public int payloadLength() {
    return buffer.getShort(offset + PAYLOAD_LENGTH_OFFSET) & 0xFFFF;
  }

  /** Where the payload starts in {@link #buffer}. */
  public int payloadOffset() {
    return payloadOffset;
  }

  /** The wrapped buffer: the ring's own memory, valid only inside the call that got it. */
  public DirectBuffer buffer() {
    return buffer;
  }

  /** Copies the payload out and returns its length. */
  public int getPayload(byte[] destination, int destinationOffset) {
    int length = payloadLength();
    buffer.getBytes(payloadOffset, destination, destinationOffset, length);
    return length;
  }

  /** How many receivers, 0..{@link Limits#TARGETS_PER_MESSAGE_MAX}. */
  public int targetCount() {
    return buffer.getShort(offset + TARGET_COUNT_OFFSET) & 0xFFFF;
  }

  public int targetPeerId(int index) {
    return buffer.getInt(target(index) + TARGET_PEER_ID_OFFSET);
  }

  /** Index of the receiver's line, 0..255. */
  public int targetLine(int index) {
    return buffer.getByte(target(index) + TARGET_LINE_OFFSET) & 0xFF;
  }

  /** Sequence number this receiver sees, 0..65535. */
  public int targetSequenceNumber(int index) {
    return buffer.getShort(target(index) + TARGET_SEQUENCE_NUMBER_OFFSET) & 0xFFFF;
  }

  /** Media timestamp this receiver sees, ticks of 48 kHz. */
  public int targetTimestampTicks(int index) {
    return buffer.getInt(target(index) + TARGET_TIMESTAMP_OFFSET);
  }

  public boolean targetMarker(int index) {
    return (buffer.getByte(target(index) + TARGET_FLAGS_OFFSET) & TARGET_MARKER_FLAG) != 0;
  }

  private int target(int index) {
    assert index >= 0 && index < targetCount() : index;
    return offset + TARGETS_OFFSET + TARGET_LENGTH * index;
  }
}
