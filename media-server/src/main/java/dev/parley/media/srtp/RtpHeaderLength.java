package dev.parley.media.srtp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/** How much of an RTP packet stays clear: fixed header, CSRCs, extension (RFC 3550 section 5.1). */
final class RtpHeaderLength {
  static final int FIXED = 12;

  /** The header runs past the packet's end. */
  static final int TOO_LONG = -1;

  private static final int CSRC_LENGTH = 4;
  private static final int CSRC_COUNT_MASK = 0x0F;
  private static final int EXTENSION_BIT = 0x10;
  private static final int EXTENSION_HEADER_LENGTH = 4;

  private RtpHeaderLength() {}

  /**
   * Bytes of the header, or {@link #TOO_LONG}.
   *
   * @param length of the packet without its tag
   */
  static int of(UnsafeBuffer buffer, int offset, int length) {
    if (length < FIXED) {
      return TOO_LONG;
    }
    int first = buffer.getByte(offset);
    int headerLength = FIXED + CSRC_LENGTH * (first & CSRC_COUNT_MASK);
    if ((first & EXTENSION_BIT) != 0) {
      headerLength += EXTENSION_HEADER_LENGTH;
      if (headerLength > length) {
        return TOO_LONG;
      }
      int words = offset + headerLength - Short.BYTES;
      headerLength += Integer.BYTES * (buffer.getShort(words, BIG_ENDIAN) & 0xFFFF);
    }
    return headerLength > length ? TOO_LONG : headerLength;
  }
}
