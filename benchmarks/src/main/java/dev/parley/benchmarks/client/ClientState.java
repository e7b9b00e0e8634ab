package dev.parley.benchmarks.client;

/** Where a client is on its way to a call. */
public enum ClientState {
  /** Has an offer, no answer. */
  NEW,
  /** Checks the server's candidates. */
  CHECKING,
  /** Shakes hands by DTLS. */
  HANDSHAKING,
  /** Sends and receives. */
  CONNECTED,
  /** Could not connect, or lost consent; see the reason in its figures. */
  FAILED,
  /** Left, or was closed by the server. */
  CLOSED
}
