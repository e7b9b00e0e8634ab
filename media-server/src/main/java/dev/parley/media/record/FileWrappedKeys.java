package dev.parley.media.record;

import java.security.GeneralSecurityException;
import javax.crypto.SecretKey;

/**
 * Keys wrapped by a key file's, so that nobody need be asked for them; but what was wrapped by
 * recordings' keys before is opened by these. Thread-safe; opening may ask, and wait.
 */
public final class FileWrappedKeys implements SpoolKeys {
  private final KeyFile file;
  private final RecordingKeys either;

  /**
   * Wraps by a key file.
   *
   * @param either opens by recordings' keys and by the same file's
   */
  public FileWrappedKeys(KeyFile file, RecordingKeys either) {
    this.file = file;
    this.either = either;
  }

  @Override
  public DataKey create(String context) throws GeneralSecurityException {
    return file.create(context);
  }

  @Override
  public SecretKey open(byte[] wrapped, String context)
      throws GeneralSecurityException, UnavailableException {
    return either.open(wrapped, context);
  }

  @Override
  public void forget(String recordingId) {
    either.forget(recordingId);
  }
}
