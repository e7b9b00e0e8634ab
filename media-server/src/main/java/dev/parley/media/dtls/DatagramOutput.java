package dev.parley.media.dtls;

/**
 * Where a session's datagrams leave to the peer. Called on the session's virtual thread; must not
 * block.
 */
@FunctionalInterface
public interface DatagramOutput {
  /** Sends one datagram. The array is the session's again when this returns. */
  void send(byte[] buffer, int offset, int length);
}
