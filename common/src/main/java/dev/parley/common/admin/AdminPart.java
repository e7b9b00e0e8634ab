package dev.parley.common.admin;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers whatever is asked below one path of the admin port. Called on any of its few threads;
 * must answer within seconds.
 */
public interface AdminPart {

  /** Answers one request. What it throws becomes a 500 without words. */
  Answer answer(Request request);

  /**
   * What is asked.
   *
   * @param path still encoded, with the part's own path
   * @param query still encoded, or null
   * @param idempotencyKey by which a repetition of the request is known, or null
   * @param body UTF-8, at most {@link AdminServer#BODY_LENGTH_MAX} bytes
   */
  record Request(
      String method,
      String path,
      @Nullable String query,
      @Nullable String idempotencyKey,
      String body) {}

  /** What is answered. */
  record Answer(int status, String contentType, Map<String, String> headers, String body) {
    public Answer {
      headers = Map.copyOf(headers);
    }
  }
}
