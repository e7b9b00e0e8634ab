package dev.parley.media.conference;

import dev.parley.media.jitter.FrameDecoder;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Lets a talker's playout decode Opus to the two channels of the mix bus. Nearly all talkers send
 * one channel, and to decode that into two costs a second synthesis: the decoder has one channel
 * until the first packet that has two, and then another decoder takes over for good. That one knows
 * nothing of the sound so far, so the first fades out into it. Owned by one mix agent.
 */
final class OpusFrameDecoder implements FrameDecoder {
  private static final int CHANNELS = TalkerSound.BUS_CHANNELS;

  /** In a packet's first byte: it has two channels (RFC 6716 section 3.1). */
  private static final int STEREO = 0x04;

  /** Samples in which one decoder fades into the other, 10 ms. */
  private static final int FADE_SAMPLES = OpusCodec.FRAME_SAMPLES / 2;

  private final OpusCodec codec;
  private final OpusDecoder mono;
  private @Nullable OpusDecoder stereo;

  OpusFrameDecoder(OpusCodec codec) {
    this.codec = codec;
    mono = codec.newDecoder(1);
  }

  @Override
  public int decode(
      byte[] packet, int packetOffset, int packetLength, float[] samples, int samplesOffset) {
    if (stereo == null && (packet[packetOffset] & STEREO) != 0) {
      return decodeFirstStereo(packet, packetOffset, packetLength, samples, samplesOffset);
    }
    int count = decoder().decode(packet, packetOffset, packetLength, samples, samplesOffset);
    return onBothChannels(count, samples, samplesOffset);
  }

  private int decodeFirstStereo(
      byte[] packet, int packetOffset, int packetLength, float[] samples, int samplesOffset) {
    float[] before = new float[OpusCodec.PACKET_SAMPLES_MAX];
    int count = mono.decode(packet, packetOffset, packetLength, before, 0);
    if (count < 0) {
      return count;
    }
    OpusDecoder next = codec.newDecoder(CHANNELS);
    int countOfNext = next.decode(packet, packetOffset, packetLength, samples, samplesOffset);
    if (countOfNext < 0) {
      next.close();
      return countOfNext;
    }
    stereo = next;
    for (int i = 0; i < Math.min(FADE_SAMPLES, count); i++) {
      float gain = (i + 0.5f) / FADE_SAMPLES;
      for (int channel = 0; channel < CHANNELS; channel++) {
        int at = samplesOffset + CHANNELS * i + channel;
        samples[at] = gain * samples[at] + (1 - gain) * before[i];
      }
    }
    return countOfNext;
  }

  private OpusDecoder decoder() {
    return stereo == null ? mono : stereo;
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
        decoder()
            .decodeFec(
                nextPacket, packetOffset, packetLength, samples, samplesOffset, frameSamples);
    return onBothChannels(count, samples, samplesOffset);
  }

  @Override
  public int conceal(float[] samples, int samplesOffset, int frameSamples) {
    int count = decoder().conceal(samples, samplesOffset, frameSamples);
    return onBothChannels(count, samples, samplesOffset);
  }

  private int onBothChannels(int count, float[] samples, int offset) {
    if (stereo == null) {
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
    mono.close();
    if (stereo != null) {
      stereo.close();
    }
  }
}
