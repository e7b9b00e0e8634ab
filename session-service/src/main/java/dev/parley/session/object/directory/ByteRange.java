package dev.parley.session.object.directory;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes of an object are wanted (RFC 9110, section 14). Immutable.
 *
 * @param first from 0
 * @param last inclusive; before {@code first} if the object has none of these bytes
 */
record ByteRange(long first, long last) {
  /** Enough for any length, and no more than a long holds. */
  private static final Pattern ONE =
      Pattern.compile("bytes=[ \\t]*(?:([0-9]{1,18})-([0-9]{1,18})?|-([0-9]{1,18}))[ \\t]*");

  /**
   * Reads the header {@code Range}. Returns null if it is to be ignored, as the standard has it: if
   * it is malformed, of another unit, or asks for several ranges.
   */
  static @Nullable ByteRange parse(@Nullable String header, long lengthBytes) {
    Matcher matcher = header == null ? null : ONE.matcher(header);
    if (matcher == null || !matcher.matches()) {
      return null;
    }
    if (matcher.group(3) != null) {
      long suffix = Math.min(Long.parseLong(matcher.group(3)), lengthBytes);
      return new ByteRange(lengthBytes - suffix, lengthBytes - 1);
    }
    long first = Long.parseLong(matcher.group(1));
    long last = matcher.group(2) == null ? Long.MAX_VALUE : Long.parseLong(matcher.group(2));
    if (last < first) {
      return null;
    }
    return new ByteRange(first, Math.min(last, lengthBytes - 1));
  }

  /** True if the object has any of it. */
  boolean isSatisfiable() {
    return first <= last;
  }

  long length() {
    return last - first + 1;
  }
}
