package dev.parley.media.ice;

import dev.parley.media.stun.StunMessage;

/**
 * Our user name fragments as numbers: eight ice-chars make a long, so that a check finds its peer
 * without a string. Stateless.
 */
public final class Ufrag {
  /** What {@link #addressed} says when the user name cannot be for us. */
  public static final long NONE = 0;

  private static final int LENGTH = IceCredentials.LOCAL_FRAGMENT_LENGTH;

  private Ufrag() {}

  /**
   * The fragment before the colon of a check's user name (RFC 8445 section 7.2.2), to be compared
   * with {@link IceCredentials#packedLocalFragment}, or {@link #NONE}.
   */
  public static long addressed(StunMessage check) {
    boolean ours = check.usernameLength() > LENGTH && check.usernameByte(LENGTH) == ':';
    return ours ? check.usernamePrefix() : NONE;
  }
}
