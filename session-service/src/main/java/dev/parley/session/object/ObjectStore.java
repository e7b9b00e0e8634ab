package dev.parley.session.object;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A bucket somewhere. What is in it goes straight between it and whoever holds a signed URL; the
 * session service asks only for sizes and removes. Thread-safe.
 */
public interface ObjectStore {

  /** What it is called in the configuration and in answers. */
  StoreName name();

  /** Scheme and authority with which URLs that are signed for clients begin (RFC 6454). */
  String origin();

  /**
   * Signs a URL that clients can reach. Asks nobody.
   *
   * @param goodFor from now on, at most seven days
   */
  String sign(UrlRequest request, Duration goodFor);

  /**
   * Asks for an object; returns null if the store says that there is none. Blocks.
   *
   * @throws ObjectStoreUnavailableException if the store does not answer, or answers otherwise
   */
  @Nullable Found find(String key);

  /**
   * Removes an object and returns when the store has confirmed that it is gone. Blocks.
   *
   * @throws ObjectStoreUnavailableException if the store does not confirm it
   */
  void remove(String key);

  /**
   * Gives up every upload in parts of this object that was begun and neither completed nor given
   * up, and returns how many there were. Blocks.
   *
   * @throws ObjectStoreUnavailableException if the store does not confirm it
   */
  int abortUploads(String key);

  /**
   * An object as the store has it.
   *
   * @param sha256 in base64, or null if the store does not know it; of what was written in parts
   *     the hash of their hashes, a dash, and how many they are
   */
  record Found(long lengthBytes, @Nullable String sha256) {}
}
