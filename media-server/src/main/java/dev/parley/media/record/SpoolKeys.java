package dev.parley.media.record;

import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.crypto.SecretKey;

/**
 * Makes the keys that recordings are sealed with, and opens them again. Each key is kept beside
 * what it seals, wrapped by one that is not (envelope encryption), so nothing else need be
 * remembered over a crash. Thread-safe; may block.
 */
public interface SpoolKeys {
  /**
   * A key and what it is wrapped in.
   *
   * @param key AES, 256 bits
   * @param wrapped at most {@link #WRAPPED_LENGTH_MAX} bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
  record DataKey(SecretKey key, byte[] wrapped) {}

  /** Longest wrapped key. */
  int WRAPPED_LENGTH_MAX = 4096;

  /** Who keeps a key does not give it now; it may be tried again. */
  final class UnavailableException extends IOException {
    private static final long serialVersionUID = 1;

    UnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Makes a key.
   *
   * @param context what it is for; it must be the same when the key is opened
   * @throws GeneralSecurityException if none can be made
   * @throws UnavailableException if none can be had now
   */
  DataKey create(String context) throws GeneralSecurityException, UnavailableException;

  /**
   * Opens a wrapped key.
   *
   * @throws GeneralSecurityException if it is of another context, of a key that is not to be had,
   *     or was tampered with
   * @throws UnavailableException if it cannot be told now
   */
  SecretKey open(byte[] wrapped, String context)
      throws GeneralSecurityException, UnavailableException;

  /**
   * Gets what the other methods need for a recording, so that these need not ask anybody.
   *
   * @throws UnavailableException if it cannot be had now
   */
  default void prepare(String recordingId) throws UnavailableException {}

  /** Nothing is left of a recording here. */
  default void forget(String recordingId) {}
}
