package dev.parley.media.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/**
 * Where to send to, for Java and, encoded once, for Linux: a {@code sockaddr_in} or {@code
 * sockaddr_in6}. Immutable.
 */
final class RemoteAddress {
  /** Bytes that {@link #put} writes: the longer of the two, {@code sockaddr_in6}, and four more. */
  static final int ROOM = 4 * Long.BYTES;

  private static final int IPV4_LENGTH = 16;
  private static final int IPV6_LENGTH = 28;
  private static final short AF_INET = 2;
  private static final short AF_INET6 = 10;

  private final InetSocketAddress address;
  private final int length;

  // Eight bytes each, here rather than in an array: one for each packet would have to be fetched.
  private final long first;
  private final long second;
  private final long third;
  private final long fourth;

  RemoteAddress(InetSocketAddress address) {
    this.address = address;
    boolean isIpv6 = address.getAddress() instanceof Inet6Address;
    length = isIpv6 ? IPV6_LENGTH : IPV4_LENGTH;
    ByteBuffer encoded = encode(address.getAddress(), address.getPort());
    first = encoded.getLong();
    second = encoded.getLong();
    third = encoded.getLong();
    fourth = encoded.getLong();
  }

  private static ByteBuffer encode(InetAddress host, int port) {
    boolean isIpv6 = host instanceof Inet6Address;
    ByteBuffer buffer = ByteBuffer.allocate(ROOM);
    // The family in the machine's byte order, port and address in the network's.
    buffer.order(ByteOrder.nativeOrder()).putShort(isIpv6 ? AF_INET6 : AF_INET);
    buffer.order(ByteOrder.BIG_ENDIAN).putShort((short) port);
    if (host instanceof Inet6Address scoped) {
      buffer.putInt(0).put(host.getAddress());
      buffer.order(ByteOrder.nativeOrder()).putInt(scoped.getScopeId());
    } else {
      buffer.put(host.getAddress());
    }
    return buffer.order(ByteOrder.nativeOrder()).rewind();
  }

  InetSocketAddress address() {
    return address;
  }

  /** Bytes of the {@code sockaddr}: 16 or 28. */
  int encodedLength() {
    return length;
  }

  /** Writes the {@code sockaddr}, and zeros behind it up to {@link #ROOM}. */
  void put(MutableDirectBuffer memory, int offset) {
    memory.putLong(offset, first);
    memory.putLong(offset + Long.BYTES, second);
    memory.putLong(offset + 2 * Long.BYTES, third);
    memory.putLong(offset + 3 * Long.BYTES, fourth);
  }
}
