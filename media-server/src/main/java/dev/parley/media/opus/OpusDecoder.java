package dev.parley.media.opus;

/**
 * Turns one stream's Opus packets into sound. Owned by one thread at a time (a mix agent). Packets
 * may be hostile: every failure is a negative answer, one of {@link OpusError}, and the decoder
 * goes on with the next packet.
 */
public interface OpusDecoder extends AutoCloseable {
  /**
   * Decodes a packet into interleaved samples within -1..1, whatever the packet says.
   *
   * @return samples per channel, at most {@link OpusCodec#PACKET_SAMPLES_MAX}, or an {@link
   *     OpusError}
   */
  int decode(byte[] packet, int packetOffset, int packetLength, float[] samples, int samplesOffset);

  /**
   * Recovers the frame before {@code nextPacket}, which was lost, from the copy that {@code
   * nextPacket} may carry (RFC 6716 §2.1.7), or conceals it if there is none. Decode {@code
   * nextPacket} itself afterwards.
   *
   * @return {@code frameSamples}, or an {@link OpusError}
   */
  int decodeFec(
      byte[] nextPacket,
      int packetOffset,
      int packetLength,
      float[] samples,
      int samplesOffset,
      int frameSamples);

  /**
   * Makes up {@code frameSamples} (a multiple of {@link OpusCodec#SAMPLES_QUANTUM}) for a lost
   * packet; fades as losses follow each other.
   *
   * @return {@code frameSamples}, or an {@link OpusError}
   */
  int conceal(float[] samples, int samplesOffset, int frameSamples);

  /** Channels of the sound it answers, 1 or 2. */
  int channels();

  /** Forgets the stream so far. */
  void reset();

  /** Frees the memory outside the heap; no other call may follow. */
  @Override
  void close();
}
