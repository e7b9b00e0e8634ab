package dev.parley.media.transport;

import dev.parley.media.ice.TransportAddress;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The transport address that a datagram came from: numbers to compare, and an object only for whom
 * that does not do. A flyweight that each datagram changes; one that is a key of a map is left as
 * it is. Owned by one event loop.
 */
final class SourceAddress {
  private static final short AF_INET = 2;
  private static final short AF_INET6 = 10;
  private static final int PORT = 2;
  private static final int IPV4_HOST = 4;
  private static final int IPV6_HOST = 8;
  private static final int IPV6_SCOPE = 24;
  private static final int IPV6_LENGTH = 16;

  /** Before an IPv4 address that stands for an IPv6 one, RFC 4291 section 2.5.5.2. */
  private static final long IPV4_MAPPED = 0xFFFF_0000_0000L;

  private static final long GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;

  private long high;
  private long low;
  private int port;

  /** Of a link-local address; no part of what is compared. */
  private int scope;

  /** Of a TCP connection, its number; otherwise {@link TransportAddress#UDP}. */
  private int connection;

  private @Nullable TransportAddress address;

  SourceAddress() {}

  SourceAddress(TransportAddress address) {
    set(address);
  }

  /** Takes an address that is an object already. */
  SourceAddress set(TransportAddress place) {
    address = place;
    connection = place.connection();
    InetSocketAddress from = place.socketAddress();
    port = from.getPort();
    byte[] host = from.getAddress().getAddress();
    if (from.getAddress() instanceof Inet4Address) {
      high = 0;
      low = IPV4_MAPPED | Integer.toUnsignedLong(ByteBuffer.wrap(host).getInt());
    } else {
      high = ByteBuffer.wrap(host).getLong(0);
      low = ByteBuffer.wrap(host).getLong(Long.BYTES);
    }
    return this;
  }

  /**
   * Reads a {@code sockaddr} of a datagram; one of no family we know has port 0, which cannot be
   * answered.
   */
  SourceAddress read(UnsafeBuffer memory, int offset) {
    address = null;
    connection = TransportAddress.UDP;
    scope = 0;
    switch (memory.getShort(offset)) {
      case AF_INET -> {
        port = memory.getShort(offset + PORT, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        high = 0;
        low =
            IPV4_MAPPED
                | Integer.toUnsignedLong(memory.getInt(offset + IPV4_HOST, ByteOrder.BIG_ENDIAN));
      }
      case AF_INET6 -> {
        port = memory.getShort(offset + PORT, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        high = memory.getLong(offset + IPV6_HOST, ByteOrder.BIG_ENDIAN);
        low = memory.getLong(offset + IPV6_HOST + Long.BYTES, ByteOrder.BIG_ENDIAN);
        scope = memory.getInt(offset + IPV6_SCOPE);
      }
      default -> {
        port = 0;
        high = 0;
        low = 0;
      }
    }
    return this;
  }

  int port() {
    return port;
  }

  /** The same as an object, made when it is asked for first. */
  TransportAddress address() {
    TransportAddress known = address;
    if (known == null) {
      known = new TransportAddress(new InetSocketAddress(host(), port), connection);
      address = known;
    }
    return known;
  }

  private InetAddress host() {
    try {
      if (high == 0 && low >>> 32 == IPV4_MAPPED >>> 32) {
        return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt((int) low).array());
      }
      byte[] host = ByteBuffer.allocate(IPV6_LENGTH).putLong(high).putLong(low).array();
      return scope == 0
          ? InetAddress.getByAddress(host)
          : Inet6Address.getByAddress(null, host, scope);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are an address", e);
    }
  }

  /** Of the address without its port. */
  int hostHash() {
    return Long.hashCode(hostNumber());
  }

  private long hostNumber() {
    return ((high * GOLDEN_RATIO) ^ low) * GOLDEN_RATIO;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(hostNumber() + port);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SourceAddress that
        && low == that.low
        && port == that.port
        && connection == that.connection
        && high == that.high;
  }

  @Override
  public String toString() {
    return address().toString();
  }
}
