package dev.parley.media.ice;

/** How a peer's path stands. */
public enum IceState {
  /** No authentic check has come yet. */
  CHECKING,
  /** There is a path and the peer is heard on it. */
  CONNECTED,
  /** Nothing authentic has come for a while; media is still sent. */
  RECONNECTING,
  /** The peer never came. For ever. */
  CONNECT_TIMEOUT,
  /** Consent to send has expired (RFC 7675 section 5.1): nothing may be sent. For ever. */
  CONSENT_EXPIRED
}
