package dev.parley.session.rest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error as the client sees it (RFC 9457). Immutable.
 *
 * @param code stable, for programs
 * @param detail what is wrong and what to change, for people
 * @param members further members of the JSON object
 * @param headers further response headers
 */
record Problem(
    int status,
    String code,
    String title,
    String detail,
    Map<String, Object> members,
    Map<String, String> headers) {

  Problem(int status, String code, String title, String detail) {
    this(status, code, title, detail, Map.of(), Map.of());
  }

  /** One thing that is wrong with a request's content. */
  record FieldError(String pointer, String detail) {}

  static Problem malformed(String detail) {
    return new Problem(400, "malformed", "Not readable", detail);
  }

  static Problem invalid(List<FieldError> errors) {
    String detail =
        errors.size() == 1
            ? errors.getFirst().pointer() + " " + errors.getFirst().detail() + "."
            : errors.size() + " values need a change; see errors.";
    return new Problem(422, "invalid", "Not acceptable", detail).with("errors", errors);
  }

  static Problem invalid(String pointer, String detail) {
    return invalid(List.of(new FieldError(pointer, detail)));
  }

  static Problem notFound(String what) {
    return new Problem(404, "not-found", "Not found", "There is no such " + what + ".");
  }

  static Problem unauthorized(String code, String detail) {
    String challenge =
        code.equals("credentials-missing")
            ? "Bearer realm=\"parley\""
            : "Bearer realm=\"parley\", error=\"invalid_token\"";
    return new Problem(401, code, "Not authenticated", detail)
        .withHeader("WWW-Authenticate", challenge);
  }

  static Problem forbidden(String code, String detail) {
    return new Problem(403, code, "Not allowed", detail);
  }

  static Problem unavailable(String code, String detail, int retryAfterSec) {
    return new Problem(503, code, "Not now", detail)
        .withHeader("Retry-After", Integer.toString(retryAfterSec));
  }

  Problem with(String name, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    Map<String, Object> more = new LinkedHashMap<>(members);
    more.put(name, value);
    return new Problem(status, code, title, detail, more, headers);
  }

  Problem withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Problem(status, code, title, detail, members, more);
  }

  ProblemException exception() {
    return new ProblemException(this);
  }
}
