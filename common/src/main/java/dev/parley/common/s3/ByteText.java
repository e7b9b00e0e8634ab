package dev.parley.common.s3;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text in the making, as bytes that are used again and again. One thread at a time. */
final class ByteText {
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] UPPER = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  /** What RFC 3986 calls unreserved; all else is encoded. */
  private static final boolean[] UNRESERVED = unreserved();

  private byte[] bytes = new byte[1024];
  private int length;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  ByteText clear() {
    length = 0;
    return this;
  }

  /** Adds text of which each character is one byte. */
  ByteText ascii(String text) {
    int count = text.length();
    byte[] into = room(count);
    for (int i = 0; i < count; i++) {
      into[length + i] = (byte) text.charAt(i);
    }
    length += count;
    return this;
  }

  ByteText ascii(char character) {
    room(1)[length++] = (byte) character;
    return this;
  }

  ByteText part(ByteText other, int from, int to) {
    System.arraycopy(other.bytes, from, room(to - from), length, to - from);
    length += to - from;
    return this;
  }

  ByteText hex(byte[] binary) {
    byte[] into = room(binary.length * 2);
    for (byte value : binary) {
      into[length++] = DIGITS[value >> 4 & 15];
      into[length++] = DIGITS[value & 15];
    }
    return this;
  }

  /** Adds a number from 0 on, in decimal. */
  ByteText decimal(int number) {
    if (number >= 10) {
      decimal(number / 10);
    }
    return ascii((char) ('0' + number % 10));
  }

  /** Adds two digits. */
  ByteText twoDigits(int number) {
    return ascii((char) ('0' + number / 10)).ascii((char) ('0' + number % 10));
  }

  /**
   * Adds text in UTF-8 and percent-encoding (RFC 3986, section 2.1).
   *
   * @param isPath true if slashes stay as they are
   */
  ByteText encoded(String text, boolean isPath) {
    int count = text.length();
    for (int i = 0; i < count; i++) {
      char character = text.charAt(i);
      if (character < 128) {
        if (UNRESERVED[character] || isPath && character == '/') {
          room(1)[length++] = (byte) character;
        } else {
          percent(character);
        }
      } else if (Character.isHighSurrogate(character)
          && i + 1 < count
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        int point = Character.toCodePoint(character, text.charAt(i));
        percent(0xF0 | point >> 18);
        percent(0x80 | point >> 12 & 63);
        percent(0x80 | point >> 6 & 63);
        percent(0x80 | point & 63);
      } else if (Character.isSurrogate(character)) {
        percent('?');
      } else {
        encodeBelowSurrogates(character);
      }
    }
    return this;
  }

  /** Adds a header's value as it is signed: no spaces at its ends, single ones inside. */
  ByteText headerValue(String text) {
    boolean isSpaceDue = false;
    int start = length;
    byte[] utf8 = isAscii(text) ? null : text.getBytes(StandardCharsets.UTF_8);
    int count = utf8 == null ? text.length() : utf8.length;
    for (int i = 0; i < count; i++) {
      int value = utf8 == null ? text.charAt(i) : utf8[i];
      if (value == ' ' || value >= 9 && value <= 13) {
        isSpaceDue = length > start;
      } else {
        if (isSpaceDue) {
          ascii(' ');
          isSpaceDue = false;
        }
        room(1)[length++] = (byte) value;
      }
    }
    return this;
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  private void encodeBelowSurrogates(char character) {
    if (character < 0x800) {
      percent(0xC0 | character >> 6);
    } else {
      percent(0xE0 | character >> 12);
      percent(0x80 | character >> 6 & 63);
    }
    percent(0x80 | character & 63);
  }

  private void percent(int value) {
    byte[] into = room(3);
    into[length++] = '%';
    into[length++] = UPPER[value >> 4 & 15];
    into[length++] = UPPER[value & 15];
  }

  private byte[] room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
    return bytes;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 128) {
        return false;
      }
    }
    return true;
  }

  private static boolean[] unreserved() {
    boolean[] unreserved = new boolean[128];
    String marks = "-._~";
    for (char c = 0; c < 128; c++) {
      boolean isLetter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      unreserved[c] = isLetter || c >= '0' && c <= '9' || marks.indexOf(c) >= 0;
    }
    return unreserved;
  }
}
