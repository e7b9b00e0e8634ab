package dev.parley.media.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Derives session keys and salts from a master key (RFC 3711 section 4.3, RFC 7714 section 11),
 * with a key derivation rate of 0: once for all packets, and for all SSRCs. One thread.
 */
final class SessionKeys {
  static final int RTP_ENCRYPTION = 0;
  static final int RTP_SALT = 2;
  static final int RTCP_ENCRYPTION = 3;
  static final int RTCP_SALT = 5;

  private static final int BLOCK_LENGTH = 16;

  /** Where the label is added: the index below it is 0 for lack of a rate. */
  private static final int LABEL_OFFSET = 7;

  private final Cipher cipher;
  private final SecretKeySpec key;
  private final byte[] salt;

  SessionKeys(SrtpMasterKey masterKey) {
    key = new SecretKeySpec(masterKey.key(), "AES");
    // Shorter salts are those of the AEAD profiles; they are filled up at their end.
    salt = Arrays.copyOf(masterKey.salt(), BLOCK_LENGTH);
    try {
      cipher = Cipher.getInstance(OwnedCipherFactory.COUNTER_MODE);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES", e);
    }
  }

  byte[] derive(int label, int length) {
    byte[] x = salt.clone();
    x[LABEL_OFFSET] ^= (byte) label;
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(x));
      return cipher.doFinal(new byte[length]);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES", e);
    }
  }
}
