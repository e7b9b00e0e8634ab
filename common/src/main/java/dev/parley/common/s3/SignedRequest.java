package dev.parley.common.s3;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request with a signature in its query, as it came. Immutable.
 *
 * @param path decoded; begins with a slash
 * @param parameters decoded, without the signature
 * @param signature in lower-case hex; empty if there is none
 * @param headers by name in lower case, several values joined by commas
 */
public record SignedRequest(
    String method,
    String path,
    Map<String, String> parameters,
    String signature,
    Map<String, String> headers) {
  /** Longest path with its query that is looked at, in characters. */
  public static final int LENGTH_MAX = 8192;

  private static final int PARAMETERS_MAX = 32;
  private static final String SIGNATURE = "X-Amz-Signature";

  public SignedRequest {
    parameters = Map.copyOf(parameters);
    headers = Map.copyOf(headers);
  }

  /**
   * Reads path and query. Returns null if they are too long, encoded wrongly, or name a parameter
   * twice.
   */
  public static @Nullable SignedRequest parse(
      String method, String rawPath, @Nullable String rawQuery, Map<String, String> headers) {
    String query = rawQuery == null ? "" : rawQuery;
    if (rawPath.length() + query.length() > LENGTH_MAX || !rawPath.startsWith("/")) {
      return null;
    }
    String path = PercentText.decode(rawPath);
    Map<String, String> parameters = new TreeMap<>();
    if (path == null || !query.isEmpty() && !readParameters(query, parameters)) {
      return null;
    }
    String signature = parameters.remove(SIGNATURE);
    return new SignedRequest(
        method.toUpperCase(Locale.ROOT),
        path,
        parameters,
        signature == null ? "" : signature,
        headers);
  }

  /** Returns a parameter; null if the query has none of that name. */
  public @Nullable String parameter(String name) {
    return parameters.get(name);
  }

  private static boolean readParameters(String query, Map<String, String> into) {
    int from = 0;
    while (from <= query.length()) {
      int end = query.indexOf('&', from);
      end = end < 0 ? query.length() : end;
      String pair = query.substring(from, end);
      int equals = pair.indexOf('=');
      String name = PercentText.decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : PercentText.decode(pair.substring(equals + 1));
      if (name == null || name.isEmpty() || value == null || into.size() >= PARAMETERS_MAX) {
        return false;
      }
      if (into.put(name, value) != null) {
        return false;
      }
      from = end + 1;
    }
    return true;
  }
}
