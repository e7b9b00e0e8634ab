package dev.parley.common.s3;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads percent-encoded text (RFC 3986, section 2.1). Stateless. */
final class PercentText {
  private PercentText() {}

  /**
   * Returns what was encoded; null if it is not ASCII, has half an escape, a control character, or
   * is not UTF-8 inside.
   */
  static @Nullable String decode(String raw) {
    byte[] bytes = new byte[raw.length()];
    int length = 0;
    for (int i = 0; i < raw.length(); i++) {
      int value = raw.charAt(i);
      if (value == '%') {
        if (i + 2 >= raw.length()) {
          return null;
        }
        int high = digit(raw.charAt(i + 1));
        int low = digit(raw.charAt(i + 2));
        if (high < 0 || low < 0) {
          return null;
        }
        value = high << 4 | low;
        i += 2;
      } else if (value > '~') {
        return null;
      }
      if (value < ' ' || value == 127) {
        return null;
      }
      bytes[length++] = (byte) value;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Only ASCII's digits: Unicode has others. */
  private static int digit(char character) {
    return character < 128 ? Character.digit(character, 16) : -1;
  }
}
