package dev.parley.media.jitter;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A decoder for packets of {@link SeededNetwork}: each sample is its own number, made-up samples
 * are negative.
 */
final class CountingDecoder implements FrameDecoder {
  static final float MADE_UP = -1f;

  private final UnsafeBuffer payload = new UnsafeBuffer(0, 0);
  private final boolean isQuiet;
  int decoded;
  int recovered;
  int concealed;
  boolean refuses;

  /** Quiet sound may be left out or put in by the playout; loud sound only in need. */
  CountingDecoder(boolean isQuiet) {
    this.isQuiet = isQuiet;
  }

  @Override
  public int decode(
      byte[] packet, int packetOffset, int packetLength, float[] samples, int samplesOffset) {
    if (refuses) {
      return -4;
    }
    decoded++;
    payload.wrap(packet, packetOffset, packetLength);
    long firstSample = payload.getLong(0);
    int duration = payload.getInt(12);
    for (int i = 0; i < duration; i++) {
      samples[samplesOffset + i] = isQuiet ? 1e-9f : firstSample + i + 1;
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
    recovered++;
    Arrays.fill(samples, samplesOffset, samplesOffset + frameSamples, MADE_UP);
    return frameSamples;
  }

  @Override
  public int conceal(float[] samples, int samplesOffset, int frameSamples) {
    concealed++;
    Arrays.fill(samples, samplesOffset, samplesOffset + frameSamples, MADE_UP);
    return frameSamples;
  }

  @Override
  public int channels() {
    return 1;
  }
}
