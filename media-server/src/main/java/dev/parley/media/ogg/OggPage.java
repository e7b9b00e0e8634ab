package dev.parley.media.ogg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Flyweight over one page of an Ogg stream (RFC 3533 section 6). Wrap it, read it, never keep it.
 * One thread. Only a whole page whose checksum is right can be wrapped.
 */
public final class OggPage {
  /** Bytes before the table of segments. */
  static final int HEADER_LENGTH = 27;

  static final int SEGMENTS_MAX = 255;
  static final int SEGMENT_LENGTH_MAX = 255;

  /** {@code OggS}, read as a little-endian number. */
  static final int CAPTURE_PATTERN = 0x5367674F;

  static final int FLAGS_OFFSET = 5;
  static final int GRANULE_OFFSET = 6;
  static final int SERIAL_OFFSET = 14;
  static final int PAGE_NUMBER_OFFSET = 18;
  static final int CHECKSUM_OFFSET = 22;
  static final int SEGMENT_COUNT_OFFSET = 26;
  static final int CONTINUED_FLAG = 1;
  static final int FIRST_FLAG = 2;
  static final int LAST_FLAG = 4;

  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final byte[] NO_CHECKSUM = new byte[4];

  private byte[] bytes = {};
  private int offset;
  private int segmentCount;
  private int bodyLength;

  /** Takes the page that starts at the offset; false if there is none, or not all of it. */
  public boolean wrap(byte[] source, int start, int end) {
    if (start < 0 || end > source.length || end - start < HEADER_LENGTH) {
      return false;
    }
    if ((int) INT.get(source, start) != CAPTURE_PATTERN || source[start + 4] != 0) {
      return false;
    }
    int segments = source[start + SEGMENT_COUNT_OFFSET] & 0xFF;
    if (end - start < HEADER_LENGTH + segments) {
      return false;
    }
    int body = 0;
    for (int i = 0; i < segments; i++) {
      body += source[start + HEADER_LENGTH + i] & 0xFF;
    }
    int length = HEADER_LENGTH + segments + body;
    if (end - start < length
        || checksum(source, start, length) != (int) INT.get(source, start + CHECKSUM_OFFSET)) {
      return false;
    }
    bytes = source;
    offset = start;
    segmentCount = segments;
    bodyLength = body;
    return true;
  }

  /** The checksum of a page, whatever stands in its place now. */
  static int checksum(byte[] bytes, int start, int length) {
    int sum = OggChecksum.update(0, bytes, start, CHECKSUM_OFFSET);
    sum = OggChecksum.update(sum, NO_CHECKSUM, 0, NO_CHECKSUM.length);
    int rest = CHECKSUM_OFFSET + NO_CHECKSUM.length;
    return OggChecksum.update(sum, bytes, start + rest, length - rest);
  }

  /** Bytes of the whole page. */
  public int length() {
    return HEADER_LENGTH + segmentCount + bodyLength;
  }

  /**
   * Samples per channel at 48 kHz from the start of the stream to the end of the last packet that
   * ends here, those to be skipped included; -1 if none ends here.
   */
  public long granulePosition() {
    return (long) LONG.get(bytes, offset + GRANULE_OFFSET);
  }

  /** Which of the logical streams in the file this is a page of. */
  public int serial() {
    return (int) INT.get(bytes, offset + SERIAL_OFFSET);
  }

  /** Counts the stream's pages, from 0. */
  public int pageNumber() {
    return (int) INT.get(bytes, offset + PAGE_NUMBER_OFFSET);
  }

  /** True if its first packet began on the page before. */
  public boolean isContinued() {
    return (flags() & CONTINUED_FLAG) != 0;
  }

  /** True on the first page of a stream. */
  public boolean isFirst() {
    return (flags() & FIRST_FLAG) != 0;
  }

  /** True on the last page of a stream. */
  public boolean isLast() {
    return (flags() & LAST_FLAG) != 0;
  }

  private int flags() {
    return bytes[offset + FLAGS_OFFSET];
  }

  int segmentCount() {
    return segmentCount;
  }

  int segmentLength(int index) {
    return bytes[offset + HEADER_LENGTH + index] & 0xFF;
  }

  int bodyOffset() {
    return offset + HEADER_LENGTH + segmentCount;
  }
}
