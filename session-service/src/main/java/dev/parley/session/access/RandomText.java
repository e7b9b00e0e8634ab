package dev.parley.session.access;

import java.security.SecureRandom;
import java.util.Base64;

/** Text that nobody can guess. Thread-safe. */
public final class RandomText {
  private static final SecureRandom RANDOM = new SecureRandom();

  private RandomText() {}

  /** Returns that many random bytes. */
  public static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /** Returns that many random bytes as base64url without padding. */
  public static String base64(int length) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(length));
  }
}
