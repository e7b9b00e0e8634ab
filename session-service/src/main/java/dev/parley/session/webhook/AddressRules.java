package dev.parley.session.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses a request may go to that somebody else has chosen: those that are unicast and
 * global by IANA's special-purpose registries (RFC 6890, RFC 8190). Everything else may be this
 * host, this network or its cloud's metadata service. Stateless.
 */
final class AddressRules {
  private static final List<Block> REFUSED =
      Stream.of(
              "0.0.0.0/8", // this network
              "10.0.0.0/8", // private (RFC 1918)
              "100.64.0.0/10", // carrier's NAT (RFC 6598)
              "127.0.0.0/8", // loopback
              "169.254.0.0/16", // link-local, clouds' metadata
              "172.16.0.0/12", // private
              "192.0.0.0/24", // protocol assignments
              "192.0.2.0/24", // documentation
              "192.88.99.0/24", // 6to4 relays
              "192.168.0.0/16", // private
              "198.18.0.0/15", // benchmarks
              "198.51.100.0/24", // documentation
              "203.0.113.0/24", // documentation
              "224.0.0.0/3", // multicast, reserved, broadcast
              "2001::/23", // protocol assignments, Teredo
              "2001:db8::/32", // documentation
              "2002::/16", // 6to4: an IPv4 address within
              "3fff::/20") // documentation
          .map(Block::parse)
          .toList();

  /** All that is global unicast in IPv6; loopback, unique local, mapped and NAT64 lie outside. */
  private static final Block IPV6_UNICAST = Block.parse("2000::/3");

  private AddressRules() {}

  /** Returns true if requests may go there. */
  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (!(address instanceof Inet4Address) && !IPV6_UNICAST.holds(bytes)) {
      return false;
    }
    return REFUSED.stream().noneMatch(block -> block.holds(bytes));
  }

  /** Addresses that begin with the same bits. */
  private static final class Block {
    private final byte[] prefix;
    private final int bits;

    private Block(byte[] prefix, int bits) {
      this.prefix = prefix;
      this.bits = bits;
    }

    static Block parse(String text) {
      String[] parts = text.split("/", 2);
      try {
        // An address in text, so nothing is looked up.
        byte[] prefix = InetAddress.getByName(parts[0]).getAddress();
        return new Block(prefix, Integer.parseInt(parts[1]));
      } catch (UnknownHostException e) {
        throw new IllegalStateException(text, e);
      }
    }

    boolean holds(byte[] address) {
      if (address.length != prefix.length) {
        return false;
      }
      int whole = bits / Byte.SIZE;
      int rest = bits % Byte.SIZE;
      if (!Arrays.equals(address, 0, whole, prefix, 0, whole)) {
        return false;
      }
      int mask = 0xFF00 >> rest & 0xFF;
      return rest == 0 || (address[whole] & mask) == (prefix[whole] & mask);
    }
  }
}
