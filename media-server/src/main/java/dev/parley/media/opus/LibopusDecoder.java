package dev.parley.media.opus;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * libopus' decoder in memory of its own (a shared arena, as {@link LibopusEncoder}). Owned by one
 * thread at a time.
 */
final class LibopusDecoder implements OpusDecoder {
  private static final int STATE_ALIGNMENT = 16;

  private final Arena arena = Arena.ofShared();
  private final int channels;
  private final MemorySegment state;
  private final MemorySegment packetSegment;
  private final MemorySegment frame;

  LibopusDecoder(int channels) {
    if (channels != 1 && channels != 2) {
      throw new IllegalArgumentException("channels must be 1 or 2: " + channels);
    }
    this.channels = channels;
    state = arena.allocate(LibopusFunctions.decoderGetSize(channels), STATE_ALIGNMENT);
    packetSegment = arena.allocate(OpusPacket.LENGTH_MAX);
    frame = arena.allocate(JAVA_FLOAT, (long) OpusCodec.PACKET_SAMPLES_MAX * channels);
    int answer = LibopusFunctions.decoderInit(state, OpusCodec.SAMPLES_PER_SECOND, channels);
    if (answer < 0) {
      throw new IllegalStateException("libopus refused a decoder: " + answer);
    }
  }

  @Override
  public int decode(
      byte[] packet, int packetOffset, int packetLength, float[] samples, int samplesOffset) {
    // To libopus a length of 0 means "lost, make up as much as there is room for".
    if (packetLength <= 0 || packetLength > OpusPacket.LENGTH_MAX) {
      return OpusError.INVALID_PACKET;
    }
    MemorySegment.copy(packet, packetOffset, packetSegment, JAVA_BYTE, 0, packetLength);
    return copyOut(
        LibopusFunctions.decode(
            state, packetSegment, packetLength, frame, room(samples, samplesOffset), 0),
        samples,
        samplesOffset);
  }

  @Override
  public int decodeFec(
      byte[] nextPacket,
      int packetOffset,
      int packetLength,
      float[] samples,
      int samplesOffset,
      int frameSamples) {
    if (packetLength <= 0 || packetLength > OpusPacket.LENGTH_MAX) {
      return OpusError.INVALID_PACKET;
    }
    if (!isDuration(frameSamples, room(samples, samplesOffset))) {
      return OpusError.BAD_ARGUMENT;
    }
    MemorySegment.copy(nextPacket, packetOffset, packetSegment, JAVA_BYTE, 0, packetLength);
    return copyOut(
        LibopusFunctions.decode(state, packetSegment, packetLength, frame, frameSamples, 1),
        samples,
        samplesOffset);
  }

  @Override
  public int conceal(float[] samples, int samplesOffset, int frameSamples) {
    if (!isDuration(frameSamples, room(samples, samplesOffset))) {
      return OpusError.BAD_ARGUMENT;
    }
    return copyOut(
        LibopusFunctions.decode(state, MemorySegment.NULL, 0, frame, frameSamples, 0),
        samples,
        samplesOffset);
  }

  @Override
  public int channels() {
    return channels;
  }

  @Override
  public void reset() {
    LibopusFunctions.decoderSet(state, LibopusFunctions.RESET_STATE, 0);
  }

  @Override
  public void close() {
    arena.close();
  }

  private int room(float[] samples, int samplesOffset) {
    return Math.min((samples.length - samplesOffset) / channels, OpusCodec.PACKET_SAMPLES_MAX);
  }

  private static boolean isDuration(int frameSamples, int room) {
    return frameSamples > 0
        && frameSamples <= room
        && frameSamples % OpusCodec.SAMPLES_QUANTUM == 0;
  }

  private int copyOut(int decodedSamples, float[] samples, int samplesOffset) {
    if (decodedSamples > 0) {
      int length = decodedSamples * channels;
      MemorySegment.copy(frame, JAVA_FLOAT, 0, samples, samplesOffset, length);
      clamp(samples, samplesOffset, samplesOffset + length);
    }
    return decodedSamples;
  }

  /**
   * A forged packet decodes to samples 40 dB and more above full scale; unclamped, one such talker
   * would drown a mix. What is not a number becomes one.
   */
  private static void clamp(float[] samples, int from, int to) {
    for (int i = from; i < to; i++) {
      float sample = samples[i];
      samples[i] = sample > -1f ? Math.min(sample, 1f) : -1f;
    }
  }
}
