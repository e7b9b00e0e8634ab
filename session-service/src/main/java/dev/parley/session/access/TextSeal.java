package dev.parley.session.access;

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

/** Encrypts texts (AES-GCM), each for the place where it stands. Thread-safe. */
public final class TextSeal {
  private static final int NONCE_LENGTH = 12;
  private static final int TAG_BITS = 128;

  private final byte[] key;
  private final SecureRandom random = new SecureRandom();

  /** Takes the key, 32 bytes; all who are to read the texts have the same. */
  public TextSeal(byte[] key) {
    this.key = key.clone();
  }

  /**
   * Encrypts a text, and returns it in base64.
   *
   * @param place where it stands; it cannot be opened as if it stood elsewhere
   */
  public String seal(String place, String text) {
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

  /** Returns the text, or null if it was not sealed for this place with this key. */
  public @Nullable String open(String place, String sealed) {
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

  private Cipher cipher(int mode, byte[] nonce, String place) throws GeneralSecurityException {
    // A key of its own for each place: one for all would run out of random nonces.
    byte[] own = ServiceSecret.hmac(key, place.getBytes(StandardCharsets.UTF_8));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(own, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
