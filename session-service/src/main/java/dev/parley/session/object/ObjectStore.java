package dev.parley.session.object;

import dev.parley.common.s3.BucketAddress;
import dev.parley.common.s3.UrlRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bucket somewhere. What is in it goes straight between it and whoever holds a signed URL; the
 * session service asks only for sizes and removes. Thread-safe.
 */
public interface ObjectStore {
  /** Most entries of a page of a list. */
  int PAGE_MAX = 1000;

  /** What it is called in the configuration and in answers. */
  StoreName name();

  /** Where URLs lead that are signed for clients and media servers. */
  BucketAddress address();

  /** What the store calls its region, in signatures. */
  String signingRegion();

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
   * Tells what is in the bucket whose names begin so, page by page, in an order of the store's own.
   * Blocks.
   *
   * @param after the {@link Listing#next} of the page before, or null for the first
   * @param limit that many of a page, 1 to {@link #PAGE_MAX}
   * @throws ObjectStoreUnavailableException if the store does not answer, or not with a list
   */
  Listing<Listed> list(String keyPrefix, @Nullable String after, int limit);

  /**
   * Tells which uploads in parts, of objects whose names begin so, were begun and neither completed
   * nor given up; up to {@link #PAGE_MAX} of a page. Blocks.
   *
   * @param after the {@link Listing#next} of the page before, or null for the first
   * @throws ObjectStoreUnavailableException if the store does not answer, or not with a list
   */
  Listing<Unfinished> uploads(String keyPrefix, @Nullable String after);

  /**
   * An object as the store has it.
   *
   * @param sha256 in base64, or null if the store does not know it; of what was written in parts
   *     the hash of their hashes, a dash, and how many they are
   * @param writtenAt by the store's clock, in whole seconds; null if it does not say
   */
  record Found(long lengthBytes, @Nullable String sha256, @Nullable Instant writtenAt) {}

  /** An object in a list, and when it was written by the store's clock. */
  record Listed(String key, long lengthBytes, Instant writtenAt) {}

  /** An upload in parts that is under way, and since when by the store's clock. */
  record Unfinished(String key, Instant begunAt) {}

  /**
   * A page of a list, which may be empty though another follows.
   *
   * @param next where the next one begins, or null after the last
   */
  record Listing<T>(List<T> found, @Nullable String next) {
    public Listing {
      found = List.copyOf(found);
    }
  }
}
