package dev.parley.common.stun;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** An address as text: {@code 203.0.113.7:3478}, {@code [2001:db8::7]:3478}. Stateless. */
public final class ProbeAddress {
  private static final int PORT_MAX = 65_535;

  private ProbeAddress() {}

  /** Writes an address that has no zone. */
  public static String text(InetAddress address, int port) {
    String host = address.getHostAddress();
    return (address instanceof Inet6Address ? "[" + host + "]" : host) + ":" + port;
  }

  /** Reads it, without ever asking a name server; null if it is not such an address. */
  public static @Nullable InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      return null;
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") != host.endsWith("]") || host.startsWith("[") != host.contains(":")) {
      return null;
    }
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      String literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      return port < 1 || port > PORT_MAX
          ? null
          : new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
