package dev.parley.session.rest;

import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads query parameters and conditional headers. */
final class Queries {
  private static final Pattern VERSION = Pattern.compile("(?:W/)?\"([0-9]{1,18})\"");

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

  /** Returns the version that If-Match demands, or null if any will do. */
  static @Nullable Long expectedVersion(Context context) {
    String header = context.header("If-Match");
    if (header == null || header.strip().equals("*")) {
      return null;
    }
    Matcher matcher = VERSION.matcher(header.strip());
    // An ETag that is none of ours matches no version; 0 is never stored.
    return matcher.matches() ? Long.valueOf(matcher.group(1)) : Long.valueOf(0);
  }

  /** Returns true if one of the ETags in the header is this version's (RFC 9110 §13.1.2). */
  static boolean matches(@Nullable String header, long version) {
    if (header == null) {
      return false;
    }
    for (String etag : header.split(",", 16)) {
      Matcher matcher = VERSION.matcher(etag.strip());
      if (matcher.matches() && Long.parseLong(matcher.group(1)) == version) {
        return true;
      }
    }
    return false;
  }

  /** Returns the Link header's value for the page after this one. */
  static String nextLink(Context context, String cursor) {
    StringBuilder link = new StringBuilder("<").append(context.path()).append("?cursor=");
    link.append(cursor);
    for (String name : List.of("state", "limit")) {
      String value = context.queryParam(name);
      if (value != null) {
        String encoded = URLEncoder.encode(value.toLowerCase(Locale.ROOT), StandardCharsets.UTF_8);
        link.append('&').append(name).append('=').append(encoded);
      }
    }
    return link.append(">; rel=\"next\"").toString();
  }
}
