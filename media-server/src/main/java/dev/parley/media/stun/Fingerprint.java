package dev.parley.media.stun;

import org.agrona.DirectBuffer;

/** The FINGERPRINT attribute's value: CRC-32 XOR 0x5354554e (RFC 8489 section 14.7). Stateless. */
final class Fingerprint {
  private static final int XOR = 0x5354554E;
  private static final int POLYNOMIAL = 0xEDB88320;
  private static final int[] TABLE = table();

  private Fingerprint() {}

  /** Over so many bytes, which end right before the attribute. */
  static int of(DirectBuffer buffer, int offset, int length) {
    int crc = -1;
    for (int i = offset; i < offset + length; i++) {
      crc = (crc >>> 8) ^ TABLE[(crc ^ buffer.getByte(i)) & 0xFF];
    }
    return ~crc ^ XOR;
  }

  private static int[] table() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
      }
      table[i] = crc;
    }
    return table;
  }
}
