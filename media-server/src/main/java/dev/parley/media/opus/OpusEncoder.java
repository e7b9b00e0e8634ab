package dev.parley.media.opus;

import org.agrona.MutableDirectBuffer;

/**
 * Turns frames of sound into Opus packets, one stream per encoder. Owned by one thread at a time (a
 * mix agent); makes no garbage per frame with libopus.
 */
public interface OpusEncoder extends AutoCloseable {
  /**
   * A packet of this many bytes or fewer says "still silent" and need not be sent (discontinuous
   * transmission).
   */
  int DTX_LENGTH_MAX = 2;

  /**
   * Space that always suffices for a 20 ms packet: one frame and its first byte (RFC 6716 §3.4).
   */
  int PACKET_LENGTH_MAX = 1_276;

  /**
   * Encodes one frame of interleaved samples, nominally -1..1, into {@code packet}.
   *
   * @return the packet's length in bytes, or one of {@link OpusError}, which is negative
   */
  int encode(
      float[] samples, int samplesOffset, byte[] packet, int packetOffset, int packetLengthMax);

  /** As {@link #encode(float[], int, byte[], int, int)}, straight into a slot of a ring. */
  int encode(
      float[] samples,
      int samplesOffset,
      MutableDirectBuffer packet,
      int packetOffset,
      int packetLengthMax);

  /** Channels of the frames it is given, 1 or 2. */
  int channels();

  /** Samples per channel of the frames it is given. */
  int frameSamples();

  /**
   * Samples per channel by which decoded sound is later than the encoder's input; Ogg's pre-skip.
   */
  int lookaheadSamples();

  /** Sets the target, 6 000..510 000 bits per second. */
  void bitrate(int bitsPerSecond);

  /** Sets the effort, 0..10. */
  void complexity(int complexity);

  /** Tells how many packets in a hundred get lost, 0..100; in-band FEC is spent accordingly. */
  void expectedLoss(int percent);

  /** Sets whether packets carry a coarse copy of the frame before (RFC 6716 §2.1.7). */
  void inBandFec(boolean enabled);

  /**
   * While true, frames do not lean on earlier ones. A listener's decoder that is handed from one
   * encoder to another can then follow from the first frame on.
   */
  void predictionDisabled(boolean disabled);

  /** Forgets all sound encoded so far; settings stay. */
  void reset();

  /** Frees the memory outside the heap; no other call may follow. */
  @Override
  void close();
}
