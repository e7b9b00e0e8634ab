package dev.parley.benchmarks.client;

import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusDecoder;
import org.agrona.MutableDirectBuffer;

/**
 * Decodes one stream and keeps its last second, to be searched for tones. Owned by one thread at a
 * time; the client loop, in a load.
 */
public final class HeardSound implements AutoCloseable {
  private static final int PAYLOAD_LENGTH_MAX = 1_500;

  private final OpusDecoder decoder = OpusCodec.best().newDecoder(1);
  private final byte[] payload = new byte[PAYLOAD_LENGTH_MAX];
  private final float[] frame = new float[OpusCodec.PACKET_SAMPLES_MAX];
  private final float[] lastSecond = new float[OpusCodec.SAMPLES_PER_SECOND];
  private int position;
  private long samples;
  private long undecodable;

  /** Takes the Opus packet that comes next. */
  public void onPayload(MutableDirectBuffer buffer, int offset, int length) {
    if (length > payload.length) {
      undecodable++;
      return;
    }
    buffer.getBytes(offset, payload, 0, length);
    int count = decoder.decode(payload, 0, length, frame, 0);
    if (count < 0) {
      undecodable++;
      return;
    }
    for (int i = 0; i < count; i++) {
      lastSecond[position] = frame[i];
      position = position + 1 == lastSecond.length ? 0 : position + 1;
    }
    samples += count;
  }

  /**
   * Level of one frequency in the last second by Goertzel's method: a full-scale sine is -3 dBov.
   */
  public double toneDbov(double hertz) {
    double coefficient = 2 * Math.cos(2 * Math.PI * hertz / OpusCodec.SAMPLES_PER_SECOND);
    double previous = 0;
    double beforePrevious = 0;
    for (int i = 0; i < lastSecond.length; i++) {
      int at = position + i < lastSecond.length ? position + i : position + i - lastSecond.length;
      double current = lastSecond[at] + coefficient * previous - beforePrevious;
      beforePrevious = previous;
      previous = current;
    }
    double power =
        previous * previous
            + beforePrevious * beforePrevious
            - coefficient * previous * beforePrevious;
    double amplitude = 2 * Math.sqrt(Math.max(0, power)) / lastSecond.length;
    return 20 * Math.log10(Math.max(amplitude / Math.sqrt(2), 1e-7));
  }

  /** What was decoded so far, at 48 kHz. */
  public long samples() {
    return samples;
  }

  /** Packets that were none. */
  public long undecodable() {
    return undecodable;
  }

  @Override
  public void close() {
    decoder.close();
  }
}
