package dev.parley.session.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The one secret that all session nodes share; every use has a key of its own derived from it, so
 * that a signature made for one is worth nothing to another. Immutable.
 */
public final class ServiceSecret {
  /** Its length in bytes. */
  public static final int LENGTH = 32;

  private final byte[] secret;

  public ServiceSecret(byte[] secret) {
    if (secret.length != LENGTH) {
      throw new IllegalArgumentException("the service secret has " + LENGTH + " bytes");
    }
    this.secret = secret.clone();
  }

  /** Returns the 32-byte key for one use. */
  public byte[] derive(String use) {
    return hmac(secret, use.getBytes(StandardCharsets.UTF_8));
  }

  /** HMAC with SHA-256 (RFC 2104). */
  public static byte[] hmac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no HmacSHA256", e);
    }
  }
}
