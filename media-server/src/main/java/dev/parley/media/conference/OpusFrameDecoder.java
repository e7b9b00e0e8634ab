package dev.parley.media.conference;

import dev.parley.media.jitter.FrameDecoder;
import dev.parley.media.opus.OpusDecoder;

/** Lets a talker's playout decode Opus. Owned by one mix agent. */
final class OpusFrameDecoder implements FrameDecoder {
  private final OpusDecoder decoder;

  OpusFrameDecoder(OpusDecoder decoder) {
    this.decoder = decoder;
  }

  @Override
  public int decode(
      byte[] packet, int packetOffset, int packetLength, float[] samples, int samplesOffset) {
    return decoder.decode(packet, packetOffset, packetLength, samples, samplesOffset);
  }

  @Override
  public int decodeFec(
      byte[] nextPacket,
      int packetOffset,
      int packetLength,
      float[] samples,
      int samplesOffset,
      int frameSamples) {
    return decoder.decodeFec(
        nextPacket, packetOffset, packetLength, samples, samplesOffset, frameSamples);
  }

  @Override
  public int conceal(float[] samples, int samplesOffset, int frameSamples) {
    return decoder.conceal(samples, samplesOffset, frameSamples);
  }

  @Override
  public int channels() {
    return decoder.channels();
  }

  void close() {
    decoder.close();
  }
}
