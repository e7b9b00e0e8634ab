package dev.parley.media.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where to send to, for Java and, encoded once, for Linux: a {@code sockaddr_in} or {@code
 * sockaddr_in6}. Immutable.
 */
final class RemoteAddress {
  /** The longer of the two, {@code sockaddr_in6}. */
  static final int ENCODED_LENGTH_MAX = 28;

  private static final int IPV4_LENGTH = 16;
  private static final short AF_INET = 2;
  private static final short AF_INET6 = 10;

  private final InetSocketAddress address;
  private final byte[] encoded;

  RemoteAddress(InetSocketAddress address) {
    this.address = address;
    encoded = encode(address.getAddress(), address.getPort());
  }

  private static byte[] encode(InetAddress host, int port) {
    boolean isIpv6 = host instanceof Inet6Address;
    ByteBuffer buffer = ByteBuffer.allocate(isIpv6 ? ENCODED_LENGTH_MAX : IPV4_LENGTH);
    // The family in the machine's byte order, port and address in the network's.
    buffer.order(ByteOrder.nativeOrder()).putShort(isIpv6 ? AF_INET6 : AF_INET);
    buffer.order(ByteOrder.BIG_ENDIAN).putShort((short) port);
    if (host instanceof Inet6Address scoped) {
      buffer.putInt(0).put(host.getAddress());
      buffer.order(ByteOrder.nativeOrder()).putInt(scoped.getScopeId());
    } else {
      buffer.put(host.getAddress());
    }
    return buffer.array();
  }

  InetSocketAddress address() {
    return address;
  }

  /** The {@code sockaddr}, of 16 or 28 bytes; not to be changed. */
  byte[] encoded() {
    return encoded;
  }
}
