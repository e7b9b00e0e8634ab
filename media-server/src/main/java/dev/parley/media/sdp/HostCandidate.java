package dev.parley.media.sdp;

/**
 * One address at which the server can be reached (RFC 8839 §5.1).
 *
 * @param address in digits; the advertised one where a 1:1 NAT stands before the server
 */
public record HostCandidate(String address, int port) {
  private static final int TYPE_PREFERENCE_HOST = 126;

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

  boolean isIpv6() {
    return address.indexOf(':') >= 0;
  }

  /** {@code IP4} or {@code IP6} and the address, as in a {@code c=} line. */
  String connection() {
    return (isIpv6() ? "IN IP6 " : "IN IP4 ") + address;
  }

  /**
   * The attribute's value. The position among the candidates gives the foundation, since each has
   * its own base, and the local preference (RFC 8445 §5.1.1.3, §5.1.2.1).
   */
  String attribute(int position) {
    long localPreference = 65535L - position;
    long priority = ((long) TYPE_PREFERENCE_HOST << 24) + (localPreference << 8) + (256 - 1);
    return (position + 1) + " 1 udp " + priority + ' ' + address + ' ' + port + " typ host";
  }
}
