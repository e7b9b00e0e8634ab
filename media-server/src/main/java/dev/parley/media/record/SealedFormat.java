package dev.parley.media.record;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The format of sealed files, {@code docs/recordings.md}. A file is one section or more, each with
 * a key of its own: a header, then chunks. A section ends where the writing process ended; the next
 * one continues the file. A chunk is sealed by AES-GCM together with its section's header and its
 * number in the file, so none can be changed, left out or moved unnoticed; the last one says so.
 */
final class SealedFormat {
  /** {@code PARLEYSP}: no chunk's length begins so. */
  static final long MAGIC = 0x5041524C45595350L;

  static final byte VERSION = 1;

  /** Before the wrapped key: magic, version, length. */
  static final int HEADER_FIXED_LENGTH = 11;

  /** A chunk's length stands before it; its highest bit marks the file's last. */
  static final int LENGTH_LENGTH = 4;

  static final int LAST_FLAG = 0x80000000;
  static final int CHUNK_LENGTH_MAX = 4 << 20;
  static final int TAG_LENGTH = 16;

  private static final int NONCE_LENGTH = 12;

  private SealedFormat() {}

  static byte[] header(byte[] wrappedKey) {
    return ByteBuffer.allocate(HEADER_FIXED_LENGTH + wrappedKey.length)
        .putLong(MAGIC)
        .put(VERSION)
        .putShort((short) wrappedKey.length)
        .put(wrappedKey)
        .array();
  }

  /** A cipher for any number of chunks, each begun by {@link #begin}. */
  static Cipher cipher() {
    try {
      return Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /** Readies a cipher for one chunk, whose bytes are all that it still wants. */
  static void begin(
      Cipher cipher, int mode, SecretKey key, byte[] header, long index, boolean isLast)
      throws GeneralSecurityException {
    // A key seals one section, and no number comes twice in it.
    byte[] nonce = ByteBuffer.allocate(NONCE_LENGTH).putInt(0).putLong(index).array();
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG_LENGTH, nonce));
    cipher.updateAAD(header);
    cipher.updateAAD(ByteBuffer.allocate(9).putLong(index).put((byte) (isLast ? 1 : 0)).array());
  }
}
