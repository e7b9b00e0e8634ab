package dev.parley.session.rest;

import dev.parley.common.admin.AdminPart;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request to the admin port, as its route reads it. One thread. */
final class AdminCall {
  private final AdminPart.Request request;
  private final Map<String, String> parts;
  private final Map<String, String> query;

  /**
   * Takes what was asked.
   *
   * @param parts the named parts of the path
   */
  AdminCall(AdminPart.Request request, Map<String, String> parts) {
    this.request = request;
    this.parts = parts;
    this.query = parameters(request.query());
  }

  /** Returns a part of the path that the route's template names. */
  String part(String name) {
    return parts.getOrDefault(name, "");
  }

  /** Returns a parameter of the query, or null. */
  @Nullable String query(String name) {
    return query.get(name);
  }

  /** Returns a number from the query. */
  int integer(String name, int min, int max, int otherwise) {
    String text = query.get(name);
    try {
      int value = text == null ? otherwise : Integer.parseInt(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below, with the range.
    }
    throw Problem.invalid("query:" + name, "must be a whole number from " + min + " to " + max)
        .exception();
  }

  /** Returns the position that the query's cursor stands for, or null if it begins a list. */
  @Nullable String position(Cursors cursors, String filters) {
    return cursors.accept(query.get("cursor"), filters);
  }

  /** Returns the Idempotency-Key, or null if a repetition is to do the same again. */
  @Nullable String idempotencyKey() {
    return Queries.idempotencyKey(request.idempotencyKey());
  }

  /** Returns the JSON object that the body holds; an empty body is an empty object. */
  JsonBody json() {
    return request.body().isEmpty() ? JsonBody.empty() : JsonBody.parse(request.body());
  }

  static String decode(String text) {
    try {
      // A plus is a plus in a path, and nobody here writes a space so.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problem.malformed("The address has a % that begins no byte.").exception();
    }
  }

  private static Map<String, String> parameters(@Nullable String text) {
    Map<String, String> query = new HashMap<>();
    if (text != null) {
      for (String pair : text.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          query.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
        }
      }
    }
    return query;
  }
}
