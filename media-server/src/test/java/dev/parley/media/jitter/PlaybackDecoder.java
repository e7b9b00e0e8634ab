package dev.parley.media.jitter;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A decoder for packets of {@link SeededNetwork}: they carry a given sound, over and over. What is
 * made up is silence.
 */
final class PlaybackDecoder implements FrameDecoder {
  private final UnsafeBuffer payload = new UnsafeBuffer(0, 0);
  private final float[] sound;
  int madeUp;

  PlaybackDecoder(float[] sound) {
    this.sound = sound;
  }

  @Override
  public int decode(
      byte[] packet, int packetOffset, int packetLength, float[] samples, int samplesOffset) {
    payload.wrap(packet, packetOffset, packetLength);
    long firstSample = payload.getLong(0);
    int duration = payload.getInt(12);
    for (int i = 0; i < duration; i++) {
      samples[samplesOffset + i] = sound[(int) ((firstSample + i) % sound.length)];
    }
    return duration;
  }

  @Override
  public int decodeFec(
      byte[] nextPacket,
      int packetOffset,
      int packetLength,
      float[] samples,
      int samplesOffset,
      int frameSamples) {
    return conceal(samples, samplesOffset, frameSamples);
  }

  @Override
  public int conceal(float[] samples, int samplesOffset, int frameSamples) {
    madeUp++;
    Arrays.fill(samples, samplesOffset, samplesOffset + frameSamples, 0f);
    return frameSamples;
  }

  @Override
  public int channels() {
    return 1;
  }
}
