package dev.parley.media.opus;

import io.github.jaredmdobson.concentus.OpusException;
import org.jspecify.annotations.Nullable;

/**
 * Concentus' decoder behind ours: samples come through 16 bits. Makes garbage per frame. Owned by
 * one thread at a time.
 */
final class ConcentusDecoder implements OpusDecoder {
  private static final float SCALE = 1f / 32_768f;

  private final io.github.jaredmdobson.concentus.OpusDecoder decoder;
  private final OpusPacket opusPacket = new OpusPacket();
  private final int channels;
  private final short[] frame;

  ConcentusDecoder(int channels) {
    if (channels != 1 && channels != 2) {
      throw new IllegalArgumentException("channels must be 1 or 2: " + channels);
    }
    this.channels = channels;
    frame = new short[OpusCodec.PACKET_SAMPLES_MAX * channels];
    try {
      decoder =
          new io.github.jaredmdobson.concentus.OpusDecoder(OpusCodec.SAMPLES_PER_SECOND, channels);
    } catch (OpusException e) {
      throw new IllegalStateException("Concentus refused a decoder", e);
    }
  }

  @Override
  public int decode(
      byte[] packet, int packetOffset, int packetLength, float[] samples, int samplesOffset) {
    // Concentus checks less than libopus does, and throws where libopus answers.
    if (!opusPacket.wrap(packet, packetOffset, packetLength)) {
      return OpusError.INVALID_PACKET;
    }
    int room = room(samples, samplesOffset);
    if (opusPacket.durationSamples() > room) {
      return OpusError.BUFFER_TOO_SMALL;
    }
    return copyOut(decode(packet, packetOffset, packetLength, room, false), samples, samplesOffset);
  }

  @Override
  public int decodeFec(
      byte[] nextPacket,
      int packetOffset,
      int packetLength,
      float[] samples,
      int samplesOffset,
      int frameSamples) {
    if (!opusPacket.wrap(nextPacket, packetOffset, packetLength)) {
      return OpusError.INVALID_PACKET;
    }
    if (!isDuration(frameSamples, room(samples, samplesOffset))) {
      return OpusError.BAD_ARGUMENT;
    }
    return copyOut(
        decode(nextPacket, packetOffset, packetLength, frameSamples, true), samples, samplesOffset);
  }

  @Override
  public int conceal(float[] samples, int samplesOffset, int frameSamples) {
    if (!isDuration(frameSamples, room(samples, samplesOffset))) {
      return OpusError.BAD_ARGUMENT;
    }
    return copyOut(decode(null, 0, 0, frameSamples, false), samples, samplesOffset);
  }

  private int decode(
      byte @Nullable [] packet,
      int packetOffset,
      int packetLength,
      int frameSamplesMax,
      boolean decodeFec) {
    try {
      return decoder.decode(
          packet, packetOffset, packetLength, frame, 0, frameSamplesMax, decodeFec);
    } catch (OpusException | RuntimeException | AssertionError e) {
      // What a hostile packet left half done must not colour the sound to come.
      decoder.resetState();
      return OpusError.INVALID_PACKET;
    }
  }

  @Override
  public int channels() {
    return channels;
  }

  @Override
  public void reset() {
    decoder.resetState();
  }

  @Override
  public void close() {
    // Everything is on the heap.
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
    for (int i = 0; i < decodedSamples * channels; i++) {
      samples[samplesOffset + i] = frame[i] * SCALE;
    }
    return decodedSamples;
  }
}
