package dev.parley.media.ogg;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The second packet of an Opus stream in Ogg (RFC 7845 section 5.2): who wrote it, and comments.
 * Immutable.
 *
 * @param vendor the program that wrote the stream
 * @param comments {@code NAME=value} each, at most {@link #COMMENTS_LENGTH_MAX} bytes together
 */
public record OpusTags(String vendor, List<String> comments) {
  /** So that the packet fits on a page of its own. */
  public static final int COMMENTS_LENGTH_MAX = 32 << 10;

  private static final byte[] MAGIC = {'O', 'p', 'u', 's', 'T', 'a', 'g', 's'};

  public OpusTags {
    comments = List.copyOf(comments);
    int length = 0;
    for (String comment : comments) {
      length += 4 + comment.getBytes(StandardCharsets.UTF_8).length;
      if (comment.indexOf('=') < 1) {
        throw new IllegalArgumentException("a comment is NAME=value: " + comment);
      }
    }
    if (length + vendor.length() * 4 > COMMENTS_LENGTH_MAX) {
      throw new IllegalArgumentException("comments are too long: " + length);
    }
  }

  byte[] encode() {
    byte[] bytes = new byte[COMMENTS_LENGTH_MAX + 64];
    System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
    int end = put(bytes, MAGIC.length, vendor);
    OggPage.INT.set(bytes, end, comments.size());
    end += 4;
    for (String comment : comments) {
      end = put(bytes, end, comment);
    }
    return Arrays.copyOf(bytes, end);
  }

  private static int put(byte[] bytes, int offset, String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    OggPage.INT.set(bytes, offset, encoded.length);
    System.arraycopy(encoded, 0, bytes, offset + 4, encoded.length);
    return offset + 4 + encoded.length;
  }

  static boolean isAt(byte[] bytes, int offset, int length) {
    return length >= MAGIC.length && OpusHead.startsWith(bytes, offset, MAGIC);
  }
}
