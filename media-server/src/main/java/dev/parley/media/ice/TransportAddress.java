package dev.parley.media.ice;

import java.net.InetSocketAddress;

/**
 * Where a peer is: an address and port by UDP, or the far end of one TCP connection. The same
 * address and port by both are two places. Immutable.
 *
 * @param connection {@link #UDP}, or the connection's number among those of its event loop
 */
public record TransportAddress(InetSocketAddress socketAddress, int connection) {
  /** No connection. */
  public static final int UDP = 0;

  /** A place reached by UDP. */
  public static TransportAddress udp(InetSocketAddress socketAddress) {
    return new TransportAddress(socketAddress, UDP);
  }

  /** As a record's own does, without method handles: each consent check asks it. */
  @Override
  public boolean equals(Object other) {
    return other instanceof TransportAddress that
        && connection == that.connection
        && socketAddress.equals(that.socketAddress);
  }

  @Override
  public int hashCode() {
    return 31 * socketAddress.hashCode() + connection;
  }
}
