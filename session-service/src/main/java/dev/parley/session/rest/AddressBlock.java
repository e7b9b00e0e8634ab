package dev.parley.session.rest;

import java.net.InetAddress;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A network: the addresses that begin with the same bits, such as {@code 10.0.0.0/8}. Immutable.
 *
 * @param bits how many
 */
public record AddressBlock(InetAddress address, int bits) {
  private static final Pattern LITERAL =
      Pattern.compile("[0-9.]{7,15}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  public AddressBlock {
    if (bits < 0 || bits > address.getAddress().length * Byte.SIZE) {
      throw new IllegalArgumentException("not so many bits: " + bits);
    }
  }

  /**
   * Reads {@code 10.0.0.0/8} or a single address.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = literal(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw new IllegalArgumentException("no address: " + text);
    }
    int all = address.getAddress().length * Byte.SIZE;
    return new AddressBlock(
        Objects.requireNonNull(address),
        slash < 0 ? all : Integer.parseInt(text.substring(slash + 1)));
  }

  /** Returns an address as it is written, never asking a name server; null if it is none. */
  static @Nullable InetAddress literal(String text) {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    try {
      return LITERAL.matcher(bare).matches() ? InetAddress.ofLiteral(bare) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** True if the address is in it. */
  public boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] its = other.getAddress();
    if (mine.length != its.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> bit % Byte.SIZE;
      if (((mine[bit / Byte.SIZE] ^ its[bit / Byte.SIZE]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
