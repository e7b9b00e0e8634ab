package dev.parley.media.ogg;

/**
 * Opus packets without sound, which stand for what was not sent or got lost: a decoder conceals it,
 * or makes comfort noise, as it would while listening (RFC 7845 section 4.1). Owned by one thread.
 */
public final class FillerPacket {
  /** Every duration is a multiple of 2.5 ms, in samples at 48 kHz. */
  public static final int QUANTUM_SAMPLES = 120;

  /** Longest that one packet can stand for, 120 ms. */
  public static final int SAMPLES_MAX = 5760;

  private static final int FRAME_SAMPLES = 960;
  private static final int FULL_BAND_CELT = 28;
  private static final int SUPER_WIDE_BAND_CELT = 24;
  private static final int WIDE_BAND_CELT = 20;
  private static final int NARROW_BAND_CELT = 16;
  private static final int FIRST_HYBRID = 12;
  private static final int FRAME_COUNT_CODE = 3;

  private final byte[] bytes = new byte[2];
  private int length;
  private int samples;

  /**
   * Makes the longest packet that stands for at most so many samples.
   *
   * @param likeToc first byte of the packet before, whose codec, band and channels are kept
   * @param samplesMax at least {@link #QUANTUM_SAMPLES}
   */
  public FillerPacket make(int likeToc, int samplesMax) {
    assert samplesMax >= QUANTUM_SAMPLES : samplesMax;
    int frame = FRAME_SAMPLES;
    while (frame > samplesMax) {
      frame /= 2;
    }
    int count = Math.min(samplesMax, SAMPLES_MAX) / frame;
    // What is shorter than a frame of 20 ms is one frame: the rest takes another packet.
    count = frame < FRAME_SAMPLES ? 1 : count;
    int toc = configuration(likeToc >> 3 & 0x1F, frame) << 3 | likeToc & 4;
    samples = count * frame;
    if (count == 1) {
      bytes[0] = (byte) toc;
      length = 1;
    } else {
      bytes[0] = (byte) (toc | FRAME_COUNT_CODE);
      bytes[1] = (byte) count;
      length = 2;
    }
    return this;
  }

  /** The configuration of the same codec and band (RFC 6716 section 3.1) with another frame. */
  private static int configuration(int like, int frameSamples) {
    int size = Integer.numberOfTrailingZeros(frameSamples / QUANTUM_SAMPLES);
    if (like >= NARROW_BAND_CELT) {
      return like & ~3 | size;
    }
    if (frameSamples >= 480) {
      // 10 and 20 ms are the first two lengths of both other codecs.
      return like >= FIRST_HYBRID ? like & ~1 | size - 2 : like & ~3 | size - 2;
    }
    // Only CELT has shorter ones.
    int celt = like >= FIRST_HYBRID + 2 ? FULL_BAND_CELT : SUPER_WIDE_BAND_CELT;
    if (like < FIRST_HYBRID) {
      celt = like < 4 ? NARROW_BAND_CELT : WIDE_BAND_CELT;
    }
    return celt | size;
  }

  /** The packet, from 0 to {@link #length()}; until the next call of {@link #make}. */
  public byte[] bytes() {
    return bytes;
  }

  /** Bytes of the packet. */
  public int length() {
    return length;
  }

  /** Samples per channel that it stands for. */
  public int samples() {
    return samples;
  }
}
