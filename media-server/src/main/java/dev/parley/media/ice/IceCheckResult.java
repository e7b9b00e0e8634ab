package dev.parley.media.ice;

import dev.parley.media.stun.StunError;
import org.jspecify.annotations.Nullable;

/** What a Binding request from a peer came to, and with which error it is answered, if any. */
public enum IceCheckResult {
  /** Authentic, from an address known before; nothing else changed. */
  KNOWN_ADDRESS(null),
  /** Authentic, from a new address: packets from there are this peer's from now on. */
  NEW_ADDRESS(null),
  /** It lacks what a check must have (RFC 8489 section 9.1.3). */
  INCOMPLETE(StunError.BAD_REQUEST),
  /** Its user name or signature is wrong: anybody may have sent it. */
  NOT_AUTHENTIC(StunError.UNAUTHENTICATED),
  /** Authentic, but it demands something nobody here understands. */
  NOT_UNDERSTOOD(StunError.UNKNOWN_ATTRIBUTE),
  /** Authentic, but the peer believes to be controlled, which only a lite agent may be. */
  ROLE_CONFLICT(StunError.ROLE_CONFLICT);

  private final @Nullable StunError error;

  IceCheckResult(@Nullable StunError error) {
    this.error = error;
  }

  /** The error to answer with, or null for a success. */
  public @Nullable StunError error() {
    return error;
  }
}
