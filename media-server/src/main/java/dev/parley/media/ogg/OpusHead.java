package dev.parley.media.ogg;

/**
 * The first packet of an Opus stream in Ogg (RFC 7845 section 5.1), of channel mapping family 0.
 * Immutable.
 *
 * @param channels 1 or 2
 * @param preSkipSamples samples per channel at 48 kHz to throw away at the start, 0 to 65535: the
 *     encoder's delay
 */
public record OpusHead(int channels, int preSkipSamples) {
  private static final int LENGTH = 19;
  private static final int CHANNELS_OFFSET = 9;
  private static final int PRE_SKIP_OFFSET = 10;
  private static final int INPUT_RATE_OFFSET = 12;
  private static final int FAMILY_OFFSET = 18;
  private static final byte[] MAGIC = {'O', 'p', 'u', 's', 'H', 'e', 'a', 'd'};

  public OpusHead {
    if (channels < 1 || channels > 2) {
      throw new IllegalArgumentException("channels must be 1 or 2: " + channels);
    }
    if (preSkipSamples < 0 || preSkipSamples > 0xFFFF) {
      throw new IllegalArgumentException("preSkipSamples must be 0 to 65535: " + preSkipSamples);
    }
  }

  byte[] encode() {
    byte[] bytes = new byte[LENGTH];
    System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
    bytes[8] = 1;
    bytes[CHANNELS_OFFSET] = (byte) channels;
    bytes[PRE_SKIP_OFFSET] = (byte) preSkipSamples;
    bytes[PRE_SKIP_OFFSET + 1] = (byte) (preSkipSamples >> 8);
    OggPage.INT.set(bytes, INPUT_RATE_OFFSET, 48_000);
    return bytes;
  }

  /** True if a stream of Opus packets can begin so. */
  static boolean isAt(byte[] bytes, int offset, int length) {
    return length >= LENGTH
        && startsWith(bytes, offset, MAGIC)
        && (bytes[offset + 8] & 0xF0) == 0
        && (bytes[offset + CHANNELS_OFFSET] == 1 || bytes[offset + CHANNELS_OFFSET] == 2)
        && bytes[offset + FAMILY_OFFSET] == 0;
  }

  static OpusHead decode(byte[] bytes, int offset) {
    int low = bytes[offset + PRE_SKIP_OFFSET] & 0xFF;
    int high = bytes[offset + PRE_SKIP_OFFSET + 1] & 0xFF;
    return new OpusHead(bytes[offset + CHANNELS_OFFSET], low | high << 8);
  }

  static boolean startsWith(byte[] bytes, int offset, byte[] magic) {
    for (int i = 0; i < magic.length; i++) {
      if (bytes[offset + i] != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
