package dev.parley.media.packet;

/** What an event loop tells a mix agent about one peer's path. */
public enum PeerState {
  /** ICE and DTLS are done: media may flow both ways. */
  CONNECTED(0),
  /** Neither an authenticated check nor authenticated media for a few seconds. */
  RECONNECTING(1),
  /** Consent to send was lost (RFC 7675 section 5.1): the peer is gone. Final. */
  CONSENT_EXPIRED(2),
  /** No path was ever found in the time allowed. Final. */
  CONNECT_TIMEOUT(3),
  /** The DTLS handshake failed, or the certificate is not the one signalled. Final. */
  DTLS_FAILED(4),
  /** The peer said goodbye with a DTLS close_notify. Final. */
  CLOSED_BY_PEER(5);

  private static final PeerState[] STATES = values();

  private final int code;

  PeerState(int code) {
    this.code = code;
  }

  /** How the state is written on a ring; equals its place here, which a test sees to. */
  int code() {
    return code;
  }

  static PeerState of(int code) {
    return STATES[code];
  }

  /** True for a state no later state can follow, save by an ICE restart under a new peer id. */
  public boolean isFinal() {
    return this != CONNECTED && this != RECONNECTING;
  }
}
