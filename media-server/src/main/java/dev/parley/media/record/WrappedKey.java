package dev.parley.media.record;

import dev.parley.media.record.SpoolKeys.DataKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A data key encrypted by another one, whose name stands before it (docs/recordings.md). Immutable.
 */
final class WrappedKey {
  /** Of keys that wrap and that are wrapped, in bytes: AES-256. */
  static final int KEY_LENGTH = 32;

  /** Of names, which are ASCII. */
  static final int NAME_LENGTH_MAX = 64;

  private static final int NONCE_LENGTH = 12;
  private static final int TAG_BITS = 128;
  private static final String CIPHER = "AES/GCM/NoPadding";

  private final String name;
  private final byte[] nonce = new byte[NONCE_LENGTH];
  private final byte[] sealed;

  private WrappedKey(ByteBuffer bytes) throws InvalidKeyException {
    int nameLength = bytes.hasRemaining() ? bytes.get() & 0xFF : 0;
    if (bytes.remaining() < nameLength + NONCE_LENGTH) {
      throw new InvalidKeyException("not a wrapped key");
    }
    byte[] ascii = new byte[nameLength];
    bytes.get(ascii).get(nonce);
    name = new String(ascii, StandardCharsets.US_ASCII);
    sealed = new byte[bytes.remaining()];
    bytes.get(sealed);
  }

  /**
   * Reads one.
   *
   * @throws InvalidKeyException if it is none
   */
  static WrappedKey parse(byte[] wrapped) throws InvalidKeyException {
    return new WrappedKey(ByteBuffer.wrap(wrapped));
  }

  /**
   * Draws a data key and wraps it.
   *
   * @param name of the key that wraps, up to {@link #NAME_LENGTH_MAX} ASCII characters
   * @param context what it is for
   */
  static DataKey create(String name, SecretKey wrapping, String context, SecureRandom random)
      throws GeneralSecurityException {
    byte[] key = new byte[KEY_LENGTH];
    byte[] nonce = new byte[NONCE_LENGTH];
    random.nextBytes(key);
    random.nextBytes(nonce);
    byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
    byte[] sealed = cipher(Cipher.ENCRYPT_MODE, wrapping, nonce, context).doFinal(key);
    byte[] wrapped =
        ByteBuffer.allocate(1 + ascii.length + NONCE_LENGTH + sealed.length)
            .put((byte) ascii.length)
            .put(ascii)
            .put(nonce)
            .put(sealed)
            .array();
    return new DataKey(new SecretKeySpec(key, "AES"), wrapped);
  }

  /** Of the key that it is wrapped by. */
  String name() {
    return name;
  }

  /**
   * Returns the data key.
   *
   * @throws GeneralSecurityException if it was wrapped by another key, for something else, or was
   *     tampered with
   */
  SecretKey open(SecretKey wrapping, String context) throws GeneralSecurityException {
    byte[] key = cipher(Cipher.DECRYPT_MODE, wrapping, nonce, context).doFinal(sealed);
    return new SecretKeySpec(key, "AES");
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
