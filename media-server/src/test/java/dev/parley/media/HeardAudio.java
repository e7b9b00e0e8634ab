package dev.parley.media;

import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusDecoder;
import java.util.HashSet;
import java.util.Set;

/**
 * What a test client hears on one SSRC: decoded, with the last tenth of a second kept. One thread.
 */
final class HeardAudio implements AutoCloseable {
  private static final int WINDOW_SAMPLES = OpusCodec.SAMPLES_PER_SECOND / 10;

  private final OpusDecoder decoder = OpusCodec.best().newDecoder(1);
  private final float[] decoded = new float[OpusCodec.PACKET_SAMPLES_MAX];
  private final float[] window = new float[WINDOW_SAMPLES];
  private final Set<Integer> lost = new HashSet<>();
  private int position;
  private int sampleCount;
  private int nextSequenceNumber = -1;
  private int gapCount;
  private int packetCount;
  private int repairedCount;

  /** The number the next packet should have, or -1 before the first. */
  int nextSequenceNumber() {
    return nextSequenceNumber;
  }

  /** The packet did not come; if it comes later, it is not played. */
  void onLost(int sequenceNumber) {
    lost.add(sequenceNumber);
    nextSequenceNumber = (sequenceNumber + 1) & 0xFFFF;
  }

  void onPacket(int sequenceNumber, byte[] payload, int length) {
    if (lost.remove(sequenceNumber)) {
      repairedCount++;
      return;
    }
    if (nextSequenceNumber >= 0 && sequenceNumber != nextSequenceNumber) {
      gapCount++;
    }
    nextSequenceNumber = (sequenceNumber + 1) & 0xFFFF;
    packetCount++;
    int count = decoder.decode(payload, 0, length, decoded, 0);
    for (int i = 0; i < count; i++) {
      window[position] = decoded[i];
      position = (position + 1) % WINDOW_SAMPLES;
    }
    sampleCount += Math.max(count, 0);
  }

  /**
   * The share of the last tenth of a second's energy that is at a frequency: near 1 for the tone
   * alone, near 0 for none of it (Goertzel's algorithm). Multiples of 10 Hz fit the window.
   */
  double shareOf(double hz) {
    if (sampleCount < WINDOW_SAMPLES) {
      return 0;
    }
    double coefficient = 2 * Math.cos(2 * Math.PI * hz / OpusCodec.SAMPLES_PER_SECOND);
    double previous = 0;
    double beforePrevious = 0;
    double energy = 1e-9;
    for (int i = 0; i < WINDOW_SAMPLES; i++) {
      double sample = window[(position + i) % WINDOW_SAMPLES];
      double current = sample + coefficient * previous - beforePrevious;
      beforePrevious = previous;
      previous = current;
      energy += sample * sample;
    }
    double power =
        previous * previous
            + beforePrevious * beforePrevious
            - coefficient * previous * beforePrevious;
    return 2 * power / (WINDOW_SAMPLES * energy);
  }

  int gapCount() {
    return gapCount;
  }

  /** Packets that were lost and came later. */
  int repairedCount() {
    return repairedCount;
  }

  /** Packets that were lost and have not come yet. */
  int missingCount() {
    return lost.size();
  }

  int packetCount() {
    return packetCount;
  }

  @Override
  public void close() {
    decoder.close();
  }
}
