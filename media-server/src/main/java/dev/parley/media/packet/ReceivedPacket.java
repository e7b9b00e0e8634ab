package dev.parley.media.packet;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Flyweight over one voice packet on an inbound ring: authenticated, parsed, its padding removed. A
 * mix agent wraps it, reads it and forgets it. Written by {@link ReceivedPacketWriter}. One thread.
 */
public final class ReceivedPacket {
  /** Message type on the inbound ring. */
  public static final int TYPE = 1;

  /** What {@link #levelDbov} says when the talker negotiated no audio level. */
  public static final int LEVEL_UNKNOWN = 1;

  static final int ARRIVAL_OFFSET = 0;
  static final int PEER_ID_OFFSET = 8;
  static final int SSRC_OFFSET = 12;
  static final int TIMESTAMP_OFFSET = 16;
  static final int SEQUENCE_NUMBER_OFFSET = 20;
  static final int PAYLOAD_TYPE_OFFSET = 22;
  static final int FLAGS_OFFSET = 23;
  static final int LEVEL_OFFSET = 24;
  static final int PAYLOAD_LENGTH_OFFSET = 26;
  static final int PAYLOAD_OFFSET = 28;
  static final int MARKER_FLAG = 1;
  static final int VOICE_ACTIVITY_FLAG = 2;

  private DirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int offset;

  /** Wraps the message that starts at the offset. */
  public ReceivedPacket wrap(DirectBuffer buffer, int offset) {
    this.buffer = buffer;
    this.offset = offset;
    return this;
  }

  /** Bytes a message with such a payload takes on the ring. */
  public static int encodedLength(int payloadLength) {
    return PAYLOAD_OFFSET + payloadLength;
  }

  public int peerId() {
    return buffer.getInt(offset + PEER_ID_OFFSET);
  }

  /** When the datagram was read, on the process's monotonic clock. */
  public long arrivalNs() {
    return buffer.getLong(offset + ARRIVAL_OFFSET);
  }

  public int ssrc() {
    return buffer.getInt(offset + SSRC_OFFSET);
  }

  /** The sender's media timestamp in ticks of 48 kHz; wraps. */
  public int timestampTicks() {
    return buffer.getInt(offset + TIMESTAMP_OFFSET);
  }

  /** Sequence number, 0..65535; wraps. */
  public int sequenceNumber() {
    return buffer.getShort(offset + SEQUENCE_NUMBER_OFFSET) & 0xFFFF;
  }

  /** Payload type, 0..127, as the sender numbers it. */
  public int payloadType() {
    return buffer.getByte(offset + PAYLOAD_TYPE_OFFSET) & 0xFF;
  }

  /** Audio level, -127..0 dBov, or {@link #LEVEL_UNKNOWN} (RFC 6464). */
  public int levelDbov() {
    return buffer.getByte(offset + LEVEL_OFFSET);
  }

  /** The sender's own claim that this packet holds speech (RFC 6464 section 3). */
  public boolean voiceActivity() {
    return (buffer.getByte(offset + FLAGS_OFFSET) & VOICE_ACTIVITY_FLAG) != 0;
  }

  /** Set on the first packet of a talk spurt (RFC 7587 section 4.1). */
  public boolean marker() {
    return (buffer.getByte(offset + FLAGS_OFFSET) & MARKER_FLAG) != 0;
  }

  public int payloadLength() {
    return buffer.getShort(offset + PAYLOAD_LENGTH_OFFSET) & 0xFFFF;
  }

  /** Where the payload starts in {@link #buffer}. */
  public int payloadOffset() {
    return offset + PAYLOAD_OFFSET;
  }

  /** The wrapped buffer: the ring's own memory, valid only inside the call that got it. */
  public DirectBuffer buffer() {
    return buffer;
  }

  /** Copies the payload out and returns its length. */
  public int getPayload(byte[] destination, int destinationOffset) {
    int length = payloadLength();
    buffer.getBytes(payloadOffset(), destination, destinationOffset, length);
    return length;
  }
}
