package dev.parley.common.id;

import java.util.regex.Pattern;

/**
 * The shape every identifier on the wire must have, so that none needs escaping in a path, a log or
 * a metric label.
 */
final class Identifiers {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private Identifiers() {}

  /**
   * Returns the value, or throws {@link IllegalArgumentException} naming the field and the accepted
   * shape.
   */
  static String require(String value, String field) {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          field
              + " must be 1 to 64 letters, digits, dots, underscores or dashes, starting with a letter or digit");
    }
    return value;
  }
}
