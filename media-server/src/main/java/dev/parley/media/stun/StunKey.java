package dev.parley.media.stun;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An ICE password made ready for HMAC-SHA1: the key XORed into the inner and outer pads once (RFC
 * 2104 section 4), not for each message. Immutable.
 */
public final class StunKey {
  static final int BLOCK_LENGTH = 64;

  final byte[] innerPad = new byte[BLOCK_LENGTH];
  final byte[] outerPad = new byte[BLOCK_LENGTH];

  private StunKey(byte[] key) {
    Arrays.fill(innerPad, (byte) 0x36);
    Arrays.fill(outerPad, (byte) 0x5C);
    for (int i = 0; i < key.length; i++) {
      innerPad[i] ^= key[i];
      outerPad[i] ^= key[i];
    }
  }

  /** A short-term credential's key is the password itself (RFC 8489 section 9.1.1). */
  public static StunKey ofPassword(String password) {
    byte[] key = password.getBytes(StandardCharsets.UTF_8);
    return new StunKey(key.length > BLOCK_LENGTH ? MessageIntegrity.sha1().digest(key) : key);
  }
}
