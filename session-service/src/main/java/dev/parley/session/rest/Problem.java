package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
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

  static final String CONTENT_TYPE = "application/problem+json";

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

  /** A server key that is genuine but not for this (RFC 6750 §3.1). */
  static Problem scopeMissing(String scope) {
    return forbidden(
            "scope-missing",
            "This needs the scope " + scope + ", which the server key does not have.")
        .with("scope", scope)
        .withHeader(
            "WWW-Authenticate",
            "Bearer realm=\"parley\", error=\"insufficient_scope\", scope=\"" + scope + "\"");
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

  /** Returns it as JSON. */
  ObjectNode body(String instance, String requestId) {
    ObjectNode body = Wire.object();
    body.put("type", "urn:parley:problem:" + code);
    body.put("title", title);
    body.put("status", status);
    body.put("code", code);
    body.put("detail", detail);
    body.put("instance", instance);
    body.put("requestId", requestId);
    members.forEach((name, value) -> body.set(name, Wire.tree(value)));
    return body;
  }

  ProblemException exception() {
    return new ProblemException(this);
  }
}
