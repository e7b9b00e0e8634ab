package dev.parley.common.control;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** Checks that the messages' constructors share: what they let through, both sides may rely on. */
final class Ranges {
  private static final Pattern TOKEN = Pattern.compile("[!-~]{1,64}");

  private Ranges() {}

  /** Addresses to probe: few, and short enough for a log line. */
  static List<String> requireProbeAddresses(List<String> addresses) {
    if (addresses.size() > ControlLimits.PROBE_ADDRESSES_MAX) {
      throw new IllegalArgumentException("too many probe addresses: " + addresses.size());
    }
    addresses.forEach(address -> requireToken(address, "probe address"));
    return List.copyOf(addresses);
  }

  static void requireAtLeast(long min, long value, String field) {
    if (value < min) {
      throw new IllegalArgumentException(field + " must be at least " + min + ": " + value);
    }
  }

  static void requireBetween(long min, long max, long value, String field) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(field + " must be " + min + " to " + max + ": " + value);
    }
  }

  /** A short name that is safe in a log line: 1 to 64 printable ASCII characters, no space. */
  static void requireToken(String value, String field) {
    if (!TOKEN.matcher(Objects.requireNonNull(value, field)).matches()) {
      throw new IllegalArgumentException(field + " must be 1 to 64 printable characters");
    }
  }
}
