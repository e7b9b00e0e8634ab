package dev.parley.common.control;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

  /** An address that clients may be sent to, or none. */
  static void requireDoor(@Nullable URI door) {
    if (door == null) {
      return;
    }
    boolean isWeb = "https".equals(door.getScheme()) || "http".equals(door.getScheme());
    boolean isBare =
        door.getRawUserInfo() == null
            && door.getRawQuery() == null
            && door.getRawFragment() == null;
    if (!isWeb
        || !isBare
        || door.getHost() == null
        || door.toString().length() > ControlLimits.DOOR_LENGTH_MAX) {
      throw new IllegalArgumentException("door must be a short http or https address");
    }
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
