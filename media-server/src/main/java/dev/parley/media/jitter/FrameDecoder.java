package dev.parley.media.jitter;

/**
 * What a {@link TalkerPlayout} asks of a codec; Opus in the server, a counter of calls in tests.
 */
public interface FrameDecoder {
  /** Decodes a packet; samples per channel, or negative if it is not decodable. */
  int decode(byte[] packet, int packetOffset, int packetLength, float[] samples, int samplesOffset);

  /**
   * Recovers {@code frameSamples} before {@code nextPacket} from the copy in it; samples per
   * channel, or negative.
   */
  int decodeFec(
      byte[] nextPacket,
      int packetOffset,
      int packetLength,
      float[] samples,
      int samplesOffset,
      int frameSamples);

  /** Makes up {@code frameSamples}; samples per channel, or negative. */
  int conceal(float[] samples, int samplesOffset, int frameSamples);

  /** Channels of the samples, 1 or 2. */
  int channels();
}
