package dev.parley.media.rtp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes one RTP packet in order: begin, CSRCs, extensions, payload. The caller's buffer must be
 * long enough. Owned by one thread.
 */
public final class RtpPacketWriter {
  private static final int CSRC_COUNT_MAX = 15;

  private MutableDirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int offset;
  private int position;
  private int extensionsOffset;
  private boolean twoByte;

  /** Starts a packet; only the low 16 bits of the sequence number are kept. */
  public RtpPacketWriter begin(
      MutableDirectBuffer buffer, int offset, int payloadType, boolean marker) {
    assert payloadType >= 0 && payloadType <= 127 : payloadType;
    this.buffer = buffer;
    this.offset = offset;
    position = offset + RtpPacket.FIXED_HEADER_LENGTH;
    buffer.putByte(offset, (byte) 0x80);
    buffer.putByte(offset + 1, (byte) (marker ? payloadType | 0x80 : payloadType));
    return this;
  }

  /** Names the stream and the packet's place in it. */
  public RtpPacketWriter source(int ssrc, int sequenceNumber, int timestampTicks) {
    buffer.putShort(offset + RtpPacket.SEQUENCE_NUMBER_OFFSET, (short) sequenceNumber, BIG_ENDIAN);
    buffer.putInt(offset + RtpPacket.TIMESTAMP_OFFSET, timestampTicks, BIG_ENDIAN);
    buffer.putInt(offset + RtpPacket.SSRC_OFFSET, ssrc, BIG_ENDIAN);
    return this;
  }

  /** Appends a contributing source; fifteen at most. */
  public RtpPacketWriter addCsrc(int csrc) {
    int first = buffer.getByte(offset);
    assert (first & 0xF) < CSRC_COUNT_MAX : "too many";
    buffer.putByte(offset, (byte) (first + 1));
    buffer.putInt(position, csrc, BIG_ENDIAN);
    position += 4;
    return this;
  }

  /**
   * Opens the header extension. The two-byte form is for ids over 14, empty elements and elements
   * over 16 bytes (RFC 8285 section 4.1).
   */
  public RtpPacketWriter beginExtensions(boolean twoByte) {
    this.twoByte = twoByte;
    buffer.putByte(offset, (byte) (buffer.getByte(offset) | 0x10));
    int profile = twoByte ? RtpPacket.TWO_BYTE_PROFILE : RtpPacket.ONE_BYTE_PROFILE;
    buffer.putShort(position, (short) profile, BIG_ENDIAN);
    position += RtpPacket.EXTENSION_HEADER_LENGTH;
    extensionsOffset = position;
    return this;
  }

  /** Appends an element. */
  public RtpPacketWriter extension(int id, byte[] value) {
    int valueOffset = beginExtension(id, value.length);
    buffer.putBytes(valueOffset, value);
    return this;
  }

  /** Appends an element of one byte. */
  public RtpPacketWriter extension(int id, int value) {
    int valueOffset = beginExtension(id, 1);
    buffer.putByte(valueOffset, (byte) value);
    return this;
  }

  /** Appends an element of which the caller writes the bytes; returns where they go. */
  public int beginExtension(int id, int valueLength) {
    if (twoByte) {
      assert id >= 1 && id <= 255 && valueLength >= 0 && valueLength <= 255 : valueLength;
      buffer.putByte(position, (byte) id);
      buffer.putByte(position + 1, (byte) valueLength);
      position += 2;
    } else {
      assert id >= 1 && id <= 14 && valueLength >= 1 && valueLength <= 16 : valueLength;
      buffer.putByte(position, (byte) ((id << 4) | (valueLength - 1)));
      position++;
    }
    int valueOffset = position;
    position += valueLength;
    return valueOffset;
  }

  /** Pads to a word with zeros and fills the length in. */
  public RtpPacketWriter endExtensions() {
    while (((position - extensionsOffset) & 3) != 0) {
      buffer.putByte(position, (byte) 0);
      position++;
    }
    int words = (position - extensionsOffset) >>> 2;
    buffer.putShort(extensionsOffset - 2, (short) words, BIG_ENDIAN);
    return this;
  }

  /** Copies the payload and returns the packet's length. */
  public int payload(DirectBuffer source, int sourceOffset, int length) {
    buffer.putBytes(position, source, sourceOffset, length);
    position += length;
    return position - offset;
  }

  /** Appends padding of so many bytes, 1..255, and returns the packet's length. */
  public int padding(int length) {
    assert length >= 1 && length <= 255 : length;
    buffer.putByte(offset, (byte) (buffer.getByte(offset) | 0x20));
    buffer.setMemory(position, length, (byte) 0);
    position += length;
    buffer.putByte(position - 1, (byte) length);
    return position - offset;
  }
}
