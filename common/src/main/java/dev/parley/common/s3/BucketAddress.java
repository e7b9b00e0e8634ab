package dev.parley.common.s3;

import java.net.URI;
import java.util.Locale;

/**
 * Where a bucket is, as clients reach it. Immutable.
 *
 * @param origin scheme and authority, as URLs begin
 * @param host the authority, as the Host header has it
 * @param path what precedes an object's key: empty, or segments of unreserved characters; begins
 *     but does not end with a slash
 */
public record BucketAddress(String origin, String host, String path) {

  /** The bucket whose URLs begin so. */
  public static BucketAddress of(String origin, String path) {
    return new BucketAddress(origin, origin.substring(origin.indexOf("://") + 3), path);
  }

  /**
   * Finds a bucket at an endpoint.
   *
   * @param endpoint http or https, without query; a port that is the scheme's own is left out
   * @param isPathStyle true if the bucket is the path's first segment, false if it is the host's
   *     first label
   */
  public static BucketAddress of(URI endpoint, String bucket, boolean isPathStyle) {
    String scheme = endpoint.getScheme().toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? 443 : 80;
    int port = endpoint.getPort();
    String host = isPathStyle ? endpoint.getHost() : bucket + "." + endpoint.getHost();
    String authority = port < 0 || port == usual ? host : host + ":" + port;
    String path = endpoint.getRawPath() == null ? "" : endpoint.getRawPath();
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return new BucketAddress(
        scheme + "://" + authority, authority, isPathStyle ? path + "/" + bucket : path);
  }
}
