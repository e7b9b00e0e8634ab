package dev.parley.media.record;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keys wrapped by one for each recording that somebody else keeps, and that is here only in memory:
 * whoever has this server's disks has nothing. What was wrapped by a key file's keys is opened by
 * these. Thread-safe; asks, and waits for the answer.
 */
public final class RecordingKeys implements SpoolKeys {
  /** What wrapped keys say of theirs; key files have no such name. */
  static final String NAME = "(recording)";

  /** Who keeps the recordings' keys. */
  public interface Keeper {
    /**
     * Returns a recording's key, the same each time: 32 bytes.
     *
     * @throws IOException if it is not to be had now
     */
    byte[] keyOf(String recordingId) throws IOException;
  }

  private final Keeper keeper;
  private final @Nullable KeyFile older;
  private final SecureRandom random;
  private final Map<String, SecretKey> known = new ConcurrentHashMap<>();

  /** For what is no recording's, and is forgotten with this process. */
  private final SecretKey own;

  /**
   * Keys that nobody has asked for yet.
   *
   * @param older keys by which something in the spool may still be wrapped
   */
  public RecordingKeys(Keeper keeper, @Nullable KeyFile older, SecureRandom random) {
    this.keeper = keeper;
    this.older = older;
    this.random = random;
    byte[] key = new byte[WrappedKey.KEY_LENGTH];
    random.nextBytes(key);
    own = new SecretKeySpec(key, "AES");
  }

  @Override
  public DataKey create(String context) throws GeneralSecurityException, UnavailableException {
    return WrappedKey.create(NAME, wrapping(context), context, random);
  }

  @Override
  public SecretKey open(byte[] wrapped, String context)
      throws GeneralSecurityException, UnavailableException {
    WrappedKey key = WrappedKey.parse(wrapped);
    if (key.name().equals(NAME)) {
      return key.open(wrapping(context), context);
    }
    if (older == null) {
      throw new InvalidKeyException("wrapped by a key of a key file, and there is none");
    }
    return older.open(wrapped, context);
  }

  @Override
  public void prepare(String recordingId) throws UnavailableException {
    SecretKey _ = keyOf(recordingId);
  }

  @Override
  public void forget(String recordingId) {
    known.remove(recordingId);
  }

  private SecretKey wrapping(String context) throws UnavailableException {
    int end = context.lastIndexOf('.', Math.max(0, context.indexOf('/')));
    return end <= 0 ? own : keyOf(context.substring(0, end));
  }

  private SecretKey keyOf(String recordingId) throws UnavailableException {
    SecretKey key = known.get(recordingId);
    if (key == null) {
      try {
        key = new SecretKeySpec(keeper.keyOf(recordingId), "AES");
      } catch (IOException e) {
        throw new UnavailableException(String.valueOf(e.getMessage()), e);
      }
      known.put(recordingId, key);
    }
    return key;
  }
}
