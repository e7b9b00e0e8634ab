package dev.parley.media.stun;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.agrona.DirectBuffer;

/**
 * Computes MESSAGE-INTEGRITY, HMAC-SHA1 over the message up to the attribute (RFC 8489 section
 * 14.5), in arrays of its own: {@code javax.crypto.Mac} would allocate for every message. Owned by
 * one thread.
 */
public final class MessageIntegrity {
  static final int LENGTH = 20;

  private final MessageDigest sha1 = sha1();
  private final byte[] message = new byte[StunMessage.LENGTH_MAX];
  private final byte[] digest = new byte[LENGTH];

  static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new IllegalStateException(everyPlatformHasIt);
    }
  }

  /**
   * Tells whether the 20 bytes at the attribute's value match, in a time that does not depend on
   * where they differ.
   */
  boolean matches(DirectBuffer buffer, int offset, int attributeOffset, StunKey key) {
    compute(buffer, offset, attributeOffset, key);
    int difference = 0;
    int valueOffset = attributeOffset + StunAttribute.HEADER_LENGTH;
    for (int i = 0; i < LENGTH; i++) {
      difference |= digest[i] ^ buffer.getByte(valueOffset + i);
    }
    return difference == 0;
  }

  /** Leaves the digest in an array that the next call overwrites. */
  byte[] compute(DirectBuffer buffer, int offset, int attributeOffset, StunKey key) {
    int length = attributeOffset - offset;
    buffer.getBytes(offset, message, 0, length);
    // The length field counts up to and including this attribute, whatever follows it.
    int coveredLength = length - StunMessage.HEADER_LENGTH + StunAttribute.HEADER_LENGTH + LENGTH;
    message[2] = (byte) (coveredLength >>> 8);
    message[3] = (byte) coveredLength;
    try {
      sha1.update(key.innerPad);
      sha1.update(message, 0, length);
      sha1.digest(digest, 0, LENGTH);
      sha1.update(key.outerPad);
      sha1.update(digest);
      sha1.digest(digest, 0, LENGTH);
    } catch (DigestException twentyBytesAreEnough) {
      throw new IllegalStateException(twentyBytesAreEnough);
    }
    return digest;
  }
}
