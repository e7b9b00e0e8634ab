package dev.parley.session.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a small database of countries in MaxMind's format 2.0: a binary tree of 24-bit records
 * over IPv6 addresses, IPv4 below {@code ::/96}, then the data, then the metadata.
 */
public final class CountryFile {
  private static final int SEPARATOR_LENGTH = 16;
  private static final byte[] METADATA_MARK =
      "\u00ab\u00cd\u00efMaxMind.com".getBytes(StandardCharsets.ISO_8859_1);

  /** Two children each: 0 nothing yet, above 0 a node, below 0 the data at -1 - value. */
  private final List<int[]> nodes = new ArrayList<>(List.of(new int[2]));

  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  private CountryFile() {}

  /**
   * Writes a database.
   *
   * @param countries country codes by network, such as {@code 203.0.113.0/24}
   */
  public static Path write(Path file, Map<String, String> countries) {
    CountryFile made = new CountryFile();
    new TreeMap<>(countries).forEach(made::add);
    try {
      return Files.write(file, made.bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String network, String country) {
    int slash = network.indexOf('/');
    byte[] address = InetAddress.ofLiteral(network.substring(0, slash)).getAddress();
    int length = Integer.parseInt(network.substring(slash + 1));
    byte[] whole = new byte[16];
    System.arraycopy(address, 0, whole, whole.length - address.length, address.length);
    int last = length + (whole.length - address.length) * Byte.SIZE - 1;
    int node = 0;
    for (int bit = 0; bit < last; bit++) {
      int side = side(whole, bit);
      if (nodes.get(node)[side] == 0) {
        nodes.add(new int[2]);
        nodes.get(node)[side] = nodes.size() - 1;
      }
      node = nodes.get(node)[side];
    }
    nodes.get(node)[side(whole, last)] = -1 - data.size();
    map(data, Map.of("country_code", country));
  }

  private static int side(byte[] address, int bit) {
    return address[bit / Byte.SIZE] >> (Byte.SIZE - 1 - bit % Byte.SIZE) & 1;
  }

  private byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int[] node : nodes) {
      for (int child : node) {
        int record =
            child == 0
                ? nodes.size()
                : child > 0 ? child : nodes.size() + SEPARATOR_LENGTH - 1 - child;
        out.write(record >> 16);
        out.write(record >> 8);
        out.write(record);
      }
    }
    out.writeBytes(new byte[SEPARATOR_LENGTH]);
    out.writeBytes(data.toByteArray());
    out.writeBytes(METADATA_MARK);
    map(
        out,
        new TreeMap<>(
            Map.of(
                "binary_format_major_version", 2,
                "binary_format_minor_version", 0,
                "build_epoch", 1_795_000_000,
                "database_type", "Test",
                "ip_version", 6,
                "node_count", nodes.size(),
                "record_size", 24)));
    return out.toByteArray();
  }

  /** A map of texts and numbers (control bytes 7, 2 and 6, each over its size). */
  private static void map(ByteArrayOutputStream out, Map<String, ?> values) {
    out.write(7 << 5 | values.size());
    values.forEach((name, value) -> {
      text(out, name);
      if (value instanceof Integer number) {
        out.write(6 << 5 | Integer.BYTES);
        for (int shift = 24; shift >= 0; shift -= Byte.SIZE) {
          out.write(number >> shift);
        }
      } else {
        text(out, value.toString());
      }
    });
  }

  /** Up to 284 bytes: from 29 on the size goes on in a byte of its own. */
  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(2 << 5 | Math.min(bytes.length, 29));
    if (bytes.length >= 29) {
      out.write(bytes.length - 29);
    }
    out.writeBytes(bytes);
  }
}
