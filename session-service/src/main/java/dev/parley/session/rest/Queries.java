package dev.parley.session.rest;

import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads query parameters and conditional headers. */
final class Queries {
  private static final int IDEMPOTENCY_KEY_LENGTH_MAX = 255;
  private static final Instant TIME_MAX = Instant.parse("2200-01-01T00:00:00Z");
  private static final Pattern VERSION = Pattern.compile("(?:W/)?\"([0-9]{1,18})\"");

  private static final int YEAR_MIN = 1970;
  private static final int YEAR_END = 2200;

  private Queries() {}

  static int integer(Context context, String name, int min, int max, int otherwise) {
    String text = context.queryParam(name);
    if (text == null) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below, with the range.
    }
    throw Problem.invalid("query:" + name, "must be a whole number from " + min + " to " + max)
        .exception();
  }

  /** One of an enum's names, as the API writes them. */
  static <E extends Enum<E>> @Nullable E choice(
      Context context, String name, Class<E> choices, @Nullable E otherwise) {
    String text = context.queryParam(name);
    if (text == null) {
      return otherwise;
    }
    List<String> names = new ArrayList<>();
    for (E choice : choices.getEnumConstants()) {
      names.add(Wire.name(choice));
      if (Wire.name(choice).equals(text)) {
        return choice;
      }
    }
    throw Problem.invalid("query:" + name, "must be one of " + String.join(", ", names))
        .exception();
  }

  /** A time, or null if the parameter is not there. */
  static @Nullable Instant time(Context context, String name) {
    String text = context.queryParam(name);
    if (text == null) {
      return null;
    }
    try {
      Instant time = Instant.parse(text);
      if (!time.isBefore(Instant.EPOCH) && time.isBefore(TIME_MAX)) {
        return time;
      }
    } catch (DateTimeParseException e) {
      // Told below, with an example.
    }
    throw Problem.invalid(
            "query:" + name, "must be a time such as 2026-11-21T04:00:00Z, not before 1970")
        .exception();
  }

  /** A day, or another if the parameter is not there. */
  static LocalDate day(Context context, String name, LocalDate otherwise) {
    String text = context.queryParam(name);
    if (text == null) {
      return otherwise;
    }
    try {
      LocalDate day = LocalDate.parse(text);
      if (day.getYear() >= YEAR_MIN && day.getYear() < YEAR_END) {
        return day;
      }
    } catch (DateTimeParseException e) {
      // Told below, with an example.
    }
    throw Problem.invalid("query:" + name, "must be a day such as 2026-11-21, not before 1970")
        .exception();
  }

  /** Returns the Idempotency-Key, or null if a repetition is to do the same again. */
  static @Nullable String idempotencyKey(Context context) {
    return idempotencyKey(context.header("Idempotency-Key"));
  }

  /** Checks a key that was given, or none. */
  static @Nullable String idempotencyKey(@Nullable String key) {
    if (key == null) {
      return null;
    }
    if (key.isBlank() || key.length() > IDEMPOTENCY_KEY_LENGTH_MAX) {
      throw Problem.invalid("header:Idempotency-Key", "must have 1 to 255 characters").exception();
    }
    return key;
  }

  /** Returns a stand-in for a request's content, the same for requests that ask for the same. */
  static String hash(String content) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(content.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  /** Returns the version that If-Match demands, or null if any will do. */
  static @Nullable Long expectedVersion(Context context) {
    String header = context.header("If-Match");
    if (header == null || header.strip().equals("*")) {
      return null;
    }
    String etag = header.strip();
    Matcher matcher = VERSION.matcher(etag);
    // An ETag that is weak (RFC 9110 §13.1.1) or none of ours matches no version; 0 is never
    // stored.
    return matcher.matches() && !etag.startsWith("W/")
        ? Long.valueOf(matcher.group(1))
        : Long.valueOf(0);
  }

  /** Returns true if one of the ETags in the header is this version's (RFC 9110 §13.1.2). */
  static boolean matches(@Nullable String header, long version) {
    if (header == null) {
      return false;
    }
    if (header.strip().equals("*")) {
      return true;
    }
    for (String etag : header.split(",", 16)) {
      Matcher matcher = VERSION.matcher(etag.strip());
      if (matcher.matches() && Long.parseLong(matcher.group(1)) == version) {
        return true;
      }
    }
    return false;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Returns the Link header's value for the page after this one: the same filters, all of them. */
  static String nextLink(Context context, String cursor) {
    StringBuilder link = new StringBuilder("<").append(context.path()).append("?cursor=");
    link.append(cursor);
    context
        .queryParamMap()
        .forEach((name, values) -> {
          for (String value : name.equals("cursor") ? List.<String>of() : values) {
            link.append('&').append(encoded(name)).append('=').append(encoded(value));
          }
        });
    return link.append(">; rel=\"next\"").toString();
  }
}
