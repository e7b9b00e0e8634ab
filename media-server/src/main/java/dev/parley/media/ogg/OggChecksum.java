package dev.parley.media.ogg;

/** The checksum of an Ogg page (RFC 3533 section 6): a CRC of 32 bits, highest bit first. */
final class OggChecksum {
  private static final int POLYNOMIAL = 0x04C11DB7;
  private static final int[] TABLE = table();

  private OggChecksum() {}

  private static int[] table() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int remainder = i << 24;
      for (int bit = 0; bit < 8; bit++) {
        remainder = remainder << 1 ^ (remainder < 0 ? POLYNOMIAL : 0);
      }
      table[i] = remainder;
    }
    return table;
  }

  /** Goes on from a checksum, 0 at first, with so many more bytes. */
  static int update(int checksum, byte[] bytes, int offset, int length) {
    int sum = checksum;
    for (int i = offset; i < offset + length; i++) {
      sum = sum << 8 ^ TABLE[sum >>> 24 ^ bytes[i] & 0xFF];
    }
    return sum;
  }
}
