package dev.parley.session.store;

import org.jspecify.annotations.Nullable;

/**
 * The body of an item that says nothing to who has not its key: JSON, for stores hold nothing else.
 * Stateless.
 */
public final class SealedBody {
  private static final String BEGIN = "{\"sealed\":\"";
  private static final String END = "\"}";

  private SealedBody() {}

  /** Returns a body of what was sealed, in base64. */
  public static String of(String sealed) {
    return BEGIN + sealed + END;
  }

  /** Returns what was sealed, or null if the body is open. */
  public static @Nullable String sealed(String body) {
    return body.startsWith(BEGIN) && body.endsWith(END)
        ? body.substring(BEGIN.length(), body.length() - END.length())
        : null;
  }
}
