package dev.parley.media;

import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusEncoder;
import dev.parley.media.opus.OpusEncoderSettings;

/** A sine of one frequency, encoded frame by frame. One thread. */
final class Tone implements AutoCloseable {
  private static final double AMPLITUDE = 0.25;

  private final OpusEncoder encoder = OpusCodec.best().newEncoder(OpusEncoderSettings.voice(1));
  private final float[] frame = new float[OpusCodec.FRAME_SAMPLES];
  private final double radiansPerSample;
  private long sample;

  Tone(double hz) {
    radiansPerSample = 2 * Math.PI * hz / OpusCodec.SAMPLES_PER_SECOND;
  }

  /** Encodes the next 20 ms; returns the length. */
  int next(byte[] packet) {
    for (int i = 0; i < frame.length; i++) {
      frame[i] = (float) (AMPLITUDE * Math.sin(radiansPerSample * sample++));
    }
    return encoder.encode(frame, 0, packet, 0, packet.length);
  }

  @Override
  public void close() {
    encoder.close();
  }
}
