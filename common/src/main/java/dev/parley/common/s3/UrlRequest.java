package dev.parley.common.s3;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a signed URL is to allow, on one object. Immutable.
 *
 * @param key the object's name in its bucket; empty for the bucket itself
 * @param headers that the holder must send exactly so, in ascending order of their names, which are
 *     in lower case; {@code host} is not among them
 * @param parameters of the query, in ascending order of their names, none of which begins with X
 */
public record UrlRequest(
    UrlMethod method, String key, List<Field> headers, List<Field> parameters) {
  /** The header that carries a body's SHA-256 in base64. */
  public static final String SHA256 = "x-amz-checksum-sha256";

  private static final Field CHECKSUM_WANTED = new Field("x-amz-checksum-mode", "ENABLED");
  private static final Field PARTS_ARE_HASHED = new Field("x-amz-checksum-algorithm", "SHA256");
  private static final Field UPLOADS = new Field("uploads", "");

  public UrlRequest {
    headers = List.copyOf(headers);
    parameters = List.copyOf(parameters);
    requireAscending(headers);
    requireAscending(parameters);
  }

  /** A name with its value. */
  public record Field(String name, String value) {}

  /**
   * Reading the object.
   *
   * @param disposition the Content-Disposition (RFC 6266) that the store is to answer with, or null
   *     for none
   * @param contentType the Content-Type likewise
   */
  public static UrlRequest get(
      String key, @Nullable String disposition, @Nullable String contentType) {
    List<Field> parameters = new ArrayList<>(2);
    if (disposition != null) {
      parameters.add(new Field("response-content-disposition", disposition));
    }
    if (contentType != null) {
      parameters.add(new Field("response-content-type", contentType));
    }
    return new UrlRequest(UrlMethod.GET, key, List.of(), parameters);
  }

  /** Asking for the object's size and, where the store knows it, its SHA-256. */
  public static UrlRequest head(String key) {
    return new UrlRequest(UrlMethod.HEAD, key, List.of(CHECKSUM_WANTED), List.of());
  }

  /** Removing the object. */
  public static UrlRequest delete(String key) {
    return new UrlRequest(UrlMethod.DELETE, key, List.of(), List.of());
  }

  /**
   * Writing the object: exactly that many bytes, of that type, with that hash.
   *
   * @param sha256 in base64
   */
  public static UrlRequest put(String key, long lengthBytes, String contentType, String sha256) {
    return new UrlRequest(
        UrlMethod.PUT,
        key,
        List.of(
            new Field("content-length", Long.toString(lengthBytes)),
            new Field("content-type", contentType),
            new Field(SHA256, sha256)),
        List.of());
  }

  /**
   * Writing one part of an upload in parts.
   *
   * @param part from 1 to 10 000
   * @param sha256 in base64
   */
  public static UrlRequest part(String key, String uploadId, int part, String sha256) {
    return new UrlRequest(
        UrlMethod.PUT,
        key,
        List.of(new Field(SHA256, sha256)),
        List.of(new Field("partNumber", Integer.toString(part)), new Field("uploadId", uploadId)));
  }

  /** Beginning an upload in parts, each of which will be sent with its SHA-256. */
  public static UrlRequest create(String key, String contentType) {
    return new UrlRequest(
        UrlMethod.POST,
        key,
        List.of(new Field("content-type", contentType), PARTS_ARE_HASHED),
        List.of(UPLOADS));
  }

  /**
   * Asking which parts of an upload the store has.
   *
   * @param after only those with a higher number, or 0 for all; a store tells up to 1000 at once
   */
  public static UrlRequest parts(String key, String uploadId, int after) {
    Field upload = new Field("uploadId", uploadId);
    return new UrlRequest(
        UrlMethod.GET,
        key,
        List.of(),
        after == 0
            ? List.of(upload)
            : List.of(new Field("part-number-marker", Integer.toString(after)), upload));
  }

  /** Making an object of parts; which, says the body. */
  public static UrlRequest complete(String key, String uploadId) {
    return new UrlRequest(UrlMethod.POST, key, List.of(), List.of(new Field("uploadId", uploadId)));
  }

  /** Giving an upload in parts up, and the parts with it. */
  public static UrlRequest abort(String key, String uploadId) {
    return new UrlRequest(
        UrlMethod.DELETE, key, List.of(), List.of(new Field("uploadId", uploadId)));
  }

  /** Asking which uploads in parts were begun and neither completed nor aborted. */
  public static UrlRequest uploads(String keyPrefix) {
    return new UrlRequest(
        UrlMethod.GET, "", List.of(), List.of(new Field("prefix", keyPrefix), UPLOADS));
  }

  /**
   * The same, beyond an upload.
   *
   * @param key of the last upload of the page before
   * @param uploadId of the same
   */
  public static UrlRequest uploadsAfter(String keyPrefix, String key, String uploadId) {
    return new UrlRequest(
        UrlMethod.GET,
        "",
        List.of(),
        List.of(
            new Field("key-marker", key),
            new Field("prefix", keyPrefix),
            new Field("upload-id-marker", uploadId),
            UPLOADS));
  }

  /**
   * Asking what is in the bucket (ListObjectsV2).
   *
   * @param after what the page before said is next, or null
   */
  public static UrlRequest list(String keyPrefix, @Nullable String after, int limit) {
    List<Field> parameters = new ArrayList<>();
    if (after != null) {
      parameters.add(new Field("continuation-token", after));
    }
    parameters.add(new Field("list-type", "2"));
    parameters.add(new Field("max-keys", Integer.toString(limit)));
    parameters.add(new Field("prefix", keyPrefix));
    return new UrlRequest(UrlMethod.GET, "", List.of(), parameters);
  }

  private static void requireAscending(List<Field> fields) {
    for (int i = 1; i < fields.size(); i++) {
      if (fields.get(i - 1).name().compareTo(fields.get(i).name()) >= 0) {
        throw new IllegalArgumentException("not in ascending order: " + fields.get(i).name());
      }
    }
  }
}
