package dev.parley.media.rtp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Flyweight over a decrypted RTP packet (RFC 3550 section 5.1). Wrap it, read it, never keep it.
 * One thread.
 */
public final class RtpPacket {
  /** The header without CSRCs and extensions. */
  public static final int FIXED_HEADER_LENGTH = 12;

  /** What {@link #findExtension} says when the packet does not carry the element. */
  public static final int ABSENT = -1;

  static final int ONE_BYTE_PROFILE = 0xBEDE;
  static final int TWO_BYTE_PROFILE = 0x1000;
  static final int TWO_BYTE_PROFILE_MASK = 0xFFF0;
  static final int ONE_BYTE_ID_RESERVED = 15;
  static final int EXTENSION_HEADER_LENGTH = 4;
  static final int SEQUENCE_NUMBER_OFFSET = 2;
  static final int TIMESTAMP_OFFSET = 4;
  static final int SSRC_OFFSET = 8;

  private static final int NO_PROFILE = -1;

  private DirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int offset;
  private int extensionProfile;
  private int extensionsOffset;
  private int extensionsEnd;
  private int payloadOffset;
  private int payloadLength;
  private int foundLength;

  /** Reads the bytes. Nothing else may be asked unless the answer is VALID. */
  public RtpParseResult wrap(DirectBuffer buffer, int offset, int length) {
    this.buffer = buffer;
    this.offset = offset;
    foundLength = 0;
    if (length < FIXED_HEADER_LENGTH) {
      return RtpParseResult.TOO_SHORT;
    }
    int first = buffer.getByte(offset);
    if (((first >>> 6) & 3) != 2) {
      return RtpParseResult.BAD_VERSION;
    }
    int end = offset + length;
    int position = offset + FIXED_HEADER_LENGTH + 4 * (first & 0xF);
    if (position > end) {
      return RtpParseResult.TOO_SHORT;
    }
    extensionProfile = NO_PROFILE;
    if ((first & 0x10) != 0) {
      position = readExtensionHeader(position, end);
      if (position > end) {
        return RtpParseResult.BAD_EXTENSION;
      }
    }
    payloadOffset = position;
    payloadLength = end - position;
    return (first & 0x20) == 0 ? RtpParseResult.VALID : removePadding(end);
  }

  /** Returns where the payload starts, or more than the end if the extension does not fit. */
  private int readExtensionHeader(int position, int end) {
    extensionsOffset = position + EXTENSION_HEADER_LENGTH;
    if (extensionsOffset > end) {
      return end + 1;
    }
    extensionProfile = unsignedShort(position);
    extensionsEnd = extensionsOffset + 4 * unsignedShort(position + 2);
    return extensionsEnd;
  }

  private RtpParseResult removePadding(int end) {
    int paddingLength = payloadLength == 0 ? 0 : buffer.getByte(end - 1) & 0xFF;
    if (paddingLength == 0 || paddingLength > payloadLength) {
      return RtpParseResult.BAD_PADDING;
    }
    payloadLength -= paddingLength;
    return RtpParseResult.VALID;
  }

  public boolean marker() {
    return buffer.getByte(offset + 1) < 0;
  }

  /** Payload type, 0..127. */
  public int payloadType() {
    return buffer.getByte(offset + 1) & 0x7F;
  }

  /** Sequence number, 0..65535; wraps. Compare with {@link SequenceNumbers#isNewer} only. */
  public int sequenceNumber() {
    return unsignedShort(offset + SEQUENCE_NUMBER_OFFSET);
  }

  /** Media timestamp in ticks of the payload clock (48 000 Hz for Opus); wraps. */
  public int timestampTicks() {
    return buffer.getInt(offset + TIMESTAMP_OFFSET, BIG_ENDIAN);
  }

  public int ssrc() {
    return buffer.getInt(offset + SSRC_OFFSET, BIG_ENDIAN);
  }

  /** Contributing sources, 0..15. */
  public int csrcCount() {
    return buffer.getByte(offset) & 0xF;
  }

  public int csrc(int index) {
    assert index >= 0 && index < csrcCount() : index;
    return buffer.getInt(offset + FIXED_HEADER_LENGTH + 4 * index, BIG_ENDIAN);
  }

  /** Where the payload starts in {@link #buffer}. */
  public int payloadOffset() {
    return payloadOffset;
  }

  /** Bytes of payload, padding taken off; may be 0. */
  public int payloadLength() {
    return payloadLength;
  }

  public DirectBuffer buffer() {
    return buffer;
  }

  /**
   * Where the element with the local id starts (RFC 8285 sections 4.2 and 4.3), or {@link #ABSENT}.
   * {@link #foundLength} then tells its length. A malformed element ends the search. 1..255.
   */
  public int findExtension(int id) {
    assert id >= 1 && id <= 255 : id;
    if (extensionProfile == ONE_BYTE_PROFILE) {
      return findOneByte(id);
    }
    return (extensionProfile & TWO_BYTE_PROFILE_MASK) == TWO_BYTE_PROFILE
        ? findTwoByte(id)
        : ABSENT;
  }

  /** Bytes of the element found last. */
  public int foundLength() {
    return foundLength;
  }

  private int findOneByte(int id) {
    int position = extensionsOffset;
    while (position < extensionsEnd) {
      int header = buffer.getByte(position) & 0xFF;
      position++;
      int elementId = header >>> 4;
      if (elementId == ONE_BYTE_ID_RESERVED) {
        return ABSENT;
      }
      if (elementId == 0) {
        continue;
      }
      int elementLength = (header & 0xF) + 1;
      if (position + elementLength > extensionsEnd) {
        return ABSENT;
      }
      if (elementId == id) {
        foundLength = elementLength;
        return position;
      }
      position += elementLength;
    }
    return ABSENT;
  }

  private int findTwoByte(int id) {
    int position = extensionsOffset;
    while (position < extensionsEnd) {
      int elementId = buffer.getByte(position) & 0xFF;
      position++;
      if (elementId == 0) {
        continue;
      }
      if (position == extensionsEnd) {
        return ABSENT;
      }
      int elementLength = buffer.getByte(position) & 0xFF;
      position++;
      if (position + elementLength > extensionsEnd) {
        return ABSENT;
      }
      if (elementId == id) {
        foundLength = elementLength;
        return position;
      }
      position += elementLength;
    }
    return ABSENT;
  }

  private int unsignedShort(int position) {
    return buffer.getShort(position, BIG_ENDIAN) & 0xFFFF;
  }
}
