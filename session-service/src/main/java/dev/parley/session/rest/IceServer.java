package dev.parley.session.rest;

import dev.parley.common.id.Region;
import org.jspecify.annotations.Nullable;

/**
 * A STUN or TURN server that clients may use. Immutable.
 *
 * @param region whose media servers it stands near; null if it serves all
 * @param url as RFC 7064 and RFC 7065 write it
 */
public record IceServer(@Nullable Region region, String url) {
  /** What {@link #parse} takes. */
  public static final String PATTERN =
      "([A-Za-z0-9][A-Za-z0-9._-]{0,63}=)?(stuns?|turns?):[A-Za-z0-9.:\\[\\]-]{1,255}"
          + "(\\?transport=(udp|tcp))?";

  /** Reads {@code turn:host:port?transport=tcp}, with {@code region=} before it if it has one. */
  public static IceServer parse(String text) {
    int colon = text.indexOf(':');
    int equals = text.lastIndexOf('=', colon);
    return equals < 0
        ? new IceServer(null, text)
        : new IceServer(new Region(text.substring(0, equals)), text.substring(equals + 1));
  }

  /** True if it is for clients of this region, or may be, as long as theirs is not known. */
  boolean serves(@Nullable Region other) {
    return region == null || other == null || region.equals(other);
  }

  /** True if it relays, and so asks who one is. */
  boolean isTurn() {
    return url.startsWith("turn");
  }
}
