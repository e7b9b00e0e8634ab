package dev.parley.session.library;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Makes ids of objects that nobody can guess. Thread-safe. */
public final class ObjectIds {
  private static final int BYTES = 18;

  private final SecureRandom random = new SecureRandom();
  private final byte[] key;

  /**
   * Takes the key that turns idempotency keys into ids.
   *
   * @param key the same on every node
   */
  public ObjectIds(byte[] key) {
    this.key = key.clone();
  }

  /** Returns a new id, or for an idempotency key always the same, so that a repetition finds it. */
  String next(String tenant, @Nullable String idempotencyKey) {
    byte[] bytes = new byte[BYTES];
    if (idempotencyKey == null) {
      random.nextBytes(bytes);
    } else {
      System.arraycopy(hmac(tenant + '\0' + idempotencyKey), 0, bytes, 0, BYTES);
    }
    return "ob_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private byte[] hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no HmacSHA256", e);
    }
  }
}
