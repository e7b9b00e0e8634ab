package dev.parley.media.upload;

import dev.parley.common.control.UploadAnswer.Place;
import dev.parley.common.control.UploadAnswer.StoreRequest;
import dev.parley.common.s3.AccessKey;
import dev.parley.common.s3.BucketAddress;
import dev.parley.common.s3.QuerySigner;
import dev.parley.common.s3.TrackRequests;
import dev.parley.common.s3.UrlRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Signs requests to the stores whose access keys this server has, so that the session tier need not
 * be asked for each. Thread-safe.
 */
public final class StoreSigners {
  /** A request is sent at once; a slow body may take this long. */
  private static final int GOOD_FOR_SEC = 900;

  private final Map<String, AccessKey> keys;
  private final LongSupplier epochSec;
  private final Map<Bucket, QuerySigner> signers = new ConcurrentHashMap<>();

  private record Bucket(String store, BucketAddress address, String region) {}

  /**
   * Signs for some stores.
   *
   * @param keys by what the session tier calls the stores
   * @param epochSec the calendar's time in seconds since 1970
   */
  public StoreSigners(Map<String, AccessKey> keys, LongSupplier epochSec) {
    this.keys = Map.copyOf(keys);
    this.epochSec = epochSec;
  }

  /**
   * Reads a file with a line {@code STORE ID:SECRET} for each store; empty lines, and those that
   * begin with {@code #}, are left out.
   *
   * @throws IOException if it cannot be read or holds something else; its message shows no secret
   */
  public static StoreSigners read(Path file, LongSupplier epochSec) throws IOException {
    Map<String, AccessKey> keys = new HashMap<>();
    int number = 0;
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      number++;
      String bare = line.strip();
      if (bare.isEmpty() || bare.startsWith("#")) {
        continue;
      }
      String[] words = bare.split("\\s+", 2);
      try {
        if (words.length < 2 || keys.put(words[0], AccessKey.parse(words[1])) != null) {
          throw new IllegalArgumentException("each store has one line: STORE ID:SECRET");
        }
      } catch (IllegalArgumentException e) {
        throw new IOException(file + ", line " + number + ": " + e.getMessage(), e);
      }
    }
    return new StoreSigners(keys, epochSec);
  }

  /** True if nothing can be signed here. */
  boolean isEmpty() {
    return keys.isEmpty();
  }

  /** True if requests to this place can be signed here. */
  boolean canSign(Place place) {
    return keys.containsKey(place.store());
  }

  /** Returns the request, good from now on for a quarter of an hour. */
  StoreRequest sign(Place place, UrlRequest request) {
    Bucket bucket =
        new Bucket(place.store(), BucketAddress.of(place.origin(), place.path()), place.region());
    QuerySigner signer = signers.computeIfAbsent(bucket, this::signer);
    return TrackRequests.signed(request, signer.sign(request, epochSec(), GOOD_FOR_SEC));
  }

  private QuerySigner signer(Bucket bucket) {
    AccessKey key = keys.get(bucket.store());
    if (key == null) {
      throw new IllegalArgumentException("no access key for the store " + bucket.store());
    }
    return new QuerySigner(bucket.address(), key, bucket.region());
  }

  /** The calendar's time in seconds since 1970. */
  long epochSec() {
    return epochSec.getAsLong();
  }
}
