package dev.parley.session.conference;

import java.nio.charset.StandardCharsets;

/**
 * Text that a tenant gives a conference for its own clients. Nobody here reads it, and no log shows
 * it. Immutable.
 *
 * @param text at most {@value #LENGTH_MAX} bytes in UTF-8
 */
public record Attributes(String text) {
  /** Longest text, in bytes of UTF-8. */
  public static final int LENGTH_MAX = 16 << 10;

  public Attributes {
    if (text.getBytes(StandardCharsets.UTF_8).length > LENGTH_MAX) {
      throw new IllegalArgumentException("attributes have more than " + LENGTH_MAX + " bytes");
    }
  }

  @Override
  public String toString() {
    return "Attributes[not shown]";
  }
}
