package dev.parley.media.sdp;

/**
 * One address at which the server can be reached (RFC 8839 §5.1).
 *
 * @param protocol by which
 * @param address in digits; the advertised one where a 1:1 NAT stands before the server
 */
public record HostCandidate(Protocol protocol, String address, int port) {
  /** How clients reach an address. */
  public enum Protocol {
    /** By datagrams. */
    UDP,
    /** By a connection that the client makes (RFC 6544, {@code tcptype passive}). */
    TCP
  }

  private static final int TYPE_PREFERENCE_HOST = 126;

  /**
   * Of a host candidate by TCP: lower than that of any by UDP but a relayed one, since voice that
   * waits for what was lost is late (RFC 6544 §4.2).
   */
  private static final int TYPE_PREFERENCE_HOST_TCP = 90;

  private static final int DIRECTION_PREFERENCE_PASSIVE = 4;
  private static final int OTHER_PREFERENCE_MAX = (1 << 13) - 1;

  public HostCandidate {
    if (address.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException("no transport address: " + address + " " + port);
    }
    for (int i = 0; i < address.length(); i++) {
      char c = address.charAt(i);
      if (Character.digit(c, 16) < 0 && c != '.' && c != ':') {
        throw new IllegalArgumentException("no address in digits: " + address);
      }
    }
  }

  /** One reached by UDP. */
  public static HostCandidate udp(String address, int port) {
    return new HostCandidate(Protocol.UDP, address, port);
  }

  /** One reached by TCP. */
  public static HostCandidate tcp(String address, int port) {
    return new HostCandidate(Protocol.TCP, address, port);
  }

  boolean isIpv6() {
    return address.indexOf(':') >= 0;
  }

  /** {@code IP4} or {@code IP6} and the address, as in a {@code c=} line. */
  String connection() {
    return (isIpv6() ? "IN IP6 " : "IN IP4 ") + address;
  }

  /**
   * The attribute's value. The position among the candidates gives the foundation, since each has
   * its own base, and the local preference (RFC 8445 §5.1.1.3, §5.1.2.1, RFC 6544 §4.2).
   */
  public String attribute(int position) {
    return switch (protocol) {
      case UDP -> attribute(position, "udp", TYPE_PREFERENCE_HOST, 65535 - position);
      case TCP -> {
        int localPreference =
            (DIRECTION_PREFERENCE_PASSIVE << 13) + OTHER_PREFERENCE_MAX - position;
        yield attribute(position, "tcp", TYPE_PREFERENCE_HOST_TCP, localPreference)
            + " tcptype passive";
      }
    };
  }

  private String attribute(int position, String token, int typePreference, int localPreference) {
    long priority = ((long) typePreference << 24) + ((long) localPreference << 8) + (256 - 1);
    return (position + 1)
        + " 1 "
        + token
        + ' '
        + priority
        + ' '
        + address
        + ' '
        + port
        + " typ host";
  }
}
