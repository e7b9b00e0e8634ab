package dev.parley.session.coordination.redis;

import dev.parley.session.access.ServiceSecret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keeps names and addresses out of Redis: texts are encrypted (AES-GCM), subjects of quotas become
 * pseudonyms, both by keys that all nodes derive from the service's secret. Thread-safe.
 */
final class PayloadSeal {
  private static final int NONCE_LENGTH = 12;
  private static final int TAG_BITS = 128;
  private static final int PSEUDONYM_LENGTH = 16;

  private final byte[] textKey;
  private final byte[] pseudonymKey;
  private final SecureRandom random = new SecureRandom();

  PayloadSeal(ServiceSecret secret) {
    textKey = secret.derive("redis-text");
    pseudonymKey = secret.derive("redis-pseudonym");
  }

  /**
   * Encrypts a text.
   *
   * @param place where it stands; it cannot be opened as if it stood elsewhere
   */
  String seal(String place, String text) {
    byte[] nonce = new byte[NONCE_LENGTH];
    random.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, nonce, place).doFinal(text.getBytes(StandardCharsets.UTF_8));
      byte[] all = ByteBuffer.allocate(NONCE_LENGTH + sealed.length).put(nonce).put(sealed).array();
      return Base64.getEncoder().withoutPadding().encodeToString(all);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed", e);
    }
  }

  /** Returns the text, or null if it was not sealed for this place by us. */
  @Nullable String open(String place, String sealed) {
    try {
      byte[] all = Base64.getDecoder().decode(sealed);
      if (all.length < NONCE_LENGTH) {
        return null;
      }
      byte[] nonce = Arrays.copyOf(all, NONCE_LENGTH);
      byte[] text =
          cipher(Cipher.DECRYPT_MODE, nonce, place)
              .doFinal(all, NONCE_LENGTH, all.length - NONCE_LENGTH);
      return new String(text, StandardCharsets.UTF_8);
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return null;
    }
  }

  String pseudonym(String subject) {
    byte[] mac = ServiceSecret.hmac(pseudonymKey, subject.getBytes(StandardCharsets.UTF_8));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(mac, PSEUDONYM_LENGTH));
  }

  private Cipher cipher(int mode, byte[] nonce, String place) throws GeneralSecurityException {
    // A key of its own for each place: one for all would run out of random nonces.
    byte[] key = ServiceSecret.hmac(textKey, place.getBytes(StandardCharsets.UTF_8));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
