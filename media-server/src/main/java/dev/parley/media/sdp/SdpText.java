package dev.parley.media.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The lexical parts of SDP (RFC 8866 §9). Stateless. */
final class SdpText {
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`{|}~";

  private SdpText() {}

  /** Reads decimal digits; returns -1 if they are not that or are more than {@code max}. */
  static long number(String text, long max) {
    if (text.isEmpty() || text.length() > 18) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value > max ? -1 : value;
  }

  /** True for one or more token characters, which have no meaning of their own in an answer. */
  static boolean isToken(String text) {
    if (text.isEmpty()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isLetterOrDigit =
          (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      if (!isLetterOrDigit && TOKEN_MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /** True for tokens joined by slashes, as in {@code UDP/TLS/RTP/SAVPF}. */
  static boolean isProtocol(String text) {
    for (String part : split(text, '/', 8)) {
      if (!isToken(part)) {
        return false;
      }
    }
    return true;
  }

  static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Splits at a separator into at most {@code countMax} parts; the last keeps the rest. */
  static List<String> split(String text, char separator, int countMax) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    while (parts.size() < countMax - 1) {
      int end = text.indexOf(separator, start);
      if (end < 0) {
        break;
      }
      parts.add(text.substring(start, end));
      start = end + 1;
    }
    parts.add(text.substring(start));
    return parts;
  }
}
