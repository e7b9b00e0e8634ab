package dev.parley.session.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.Base64;
import java.util.Locale;

/** Turns values into parts of keys. */
final class KeyText {
  private KeyText() {}

  /** Returns a fixed-length stand-in for text of any kind. */
  static String hash(String text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] hash = sha256.digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  /** Returns the same for texts that differ only in letter case or in how accents are encoded. */
  static String fold(String text) {
    String composed = Normalizer.normalize(text, Normalizer.Form.NFKC);
    return Normalizer.normalize(
        composed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT), Normalizer.Form.NFKC);
  }

  /** Returns a number, 0 or above, so that text order is the order of numbers. */
  static String number(long value) {
    String digits = Long.toString(value);
    return "0".repeat(Math.max(0, 13 - digits.length())) + digits;
  }
}
