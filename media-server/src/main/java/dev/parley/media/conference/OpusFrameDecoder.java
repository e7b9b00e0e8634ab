package dev.parley.media.conference;

import dev.parley.media.jitter.FrameDecoder;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusDecoder;

/**
 * Lets a talker's playout decode Opus to the two channels of the mix bus. Nearly all talkers send
 * one channel, and to decode that into two costs a second synthesis: the decoder has one channel
 * until the first packet that has two, and then another decoder takes over for good. Owned by one
 * mix agent.
 */
final class OpusFrameDecoder implements FrameDecoder {
  private static final int CHANNELS = TalkerSound.BUS_CHANNELS;

  /** In a packet's first byte: it has two channels (RFC 6716 section 3.1). */
  private static final int STEREO = 0x04;

  private final OpusCodec codec;
  private OpusDecoder decoder;

  OpusFrameDecoder(OpusCodec codec) {
    this.codec = codec;
    decoder = codec.newDecoder(1);
  }

  @Override
  public int decode(
      byte[] packet, int packetOffset, int packetLength, float[] samples, int samplesOffset) {
    if (decoder.channels() == 1 && (packet[packetOffset] & STEREO) != 0) {
      decoder.close();
      decoder = codec.newDecoder(CHANNELS);
    }
    int count = decoder.decode(packet, packetOffset, packetLength, samples, samplesOffset);
    return onBothChannels(count, samples, samplesOffset);
  }

  @Override
  public int decodeFec(
      byte[] nextPacket,
      int packetOffset,
      int packetLength,
      float[] samples,
      int samplesOffset,
      int frameSamples) {
    int count =
        decoder.decodeFec(
            nextPacket, packetOffset, packetLength, samples, samplesOffset, frameSamples);
    return onBothChannels(count, samples, samplesOffset);
  }

  @Override
  public int conceal(float[] samples, int samplesOffset, int frameSamples) {
    int count = decoder.conceal(samples, samplesOffset, frameSamples);
    return onBothChannels(count, samples, samplesOffset);
  }

  private int onBothChannels(int count, float[] samples, int offset) {
    if (decoder.channels() == 1) {
      for (int i = count - 1; i >= 0; i--) {
        float sample = samples[offset + i];
        samples[offset + CHANNELS * i] = sample;
        samples[offset + CHANNELS * i + 1] = sample;
      }
    }
    return count;
  }

  @Override
  public int channels() {
    return CHANNELS;
  }

  void close() {
    decoder.close();
  }
}
