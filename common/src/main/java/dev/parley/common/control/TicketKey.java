package dev.parley.common.control;

import static java.util.Objects.requireNonNull;

import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A key by which the media tickets of one region are signed and checked. Immutable.
 *
 * @param id tells it from the region's other keys, 1 to 32 letters, digits or dashes
 * @param key 32 bytes in base64url without padding (RFC 4648 §5)
 */
public record TicketKey(String id, String key) {
  /** Most keys of a region that are good at one time. */
  public static final int COUNT_MAX = 4;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,32}");
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{43}");

  public TicketKey {
    if (!ID.matcher(requireNonNull(id, "id")).matches()) {
      throw new IllegalArgumentException("id must be 1 to 32 letters, digits or dashes");
    }
    if (!KEY.matcher(requireNonNull(key, "key")).matches()) {
      throw new IllegalArgumentException("key must be 32 bytes in base64url");
    }
  }

  /** Takes the key's 32 bytes. */
  public static TicketKey of(String id, byte[] bytes) {
    return new TicketKey(id, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** The key's 32 bytes. */
  public byte[] bytes() {
    return Base64.getUrlDecoder().decode(key);
  }

  /** The key is not for logs. */
  @Override
  public String toString() {
    return "TicketKey[id=" + id + "]";
  }
}
