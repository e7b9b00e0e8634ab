package dev.parley.systemtests.show.recording;

import dev.parley.media.opus.OpusCodec;
import java.util.Random;

/**
 * What is said: a tone, or something with the rise and fall of speech, mono at 48 kHz. Stateless.
 */
final class Sounds {
  /** Samples of a millisecond. */
  static final int MS = OpusCodec.SAMPLES_PER_SECOND / 1000;

  private static final double AMPLITUDE = 0.15;
  private static final double SECOND = OpusCodec.SAMPLES_PER_SECOND;

  private Sounds() {}

  /**
   * Syllables of unequal length and loudness, in words with pauses between them: no stretch of it
   * is like another.
   */
  static float[] speech(long seed, int seconds) {
    Random random = new Random(seed);
    float[] samples = new float[seconds * OpusCodec.SAMPLES_PER_SECOND];
    double phase = 0;
    int at = 0;
    while (at < samples.length) {
      int length = (120 + random.nextInt(180)) * MS;
      boolean isPause = random.nextInt(5) == 0;
      double loudness = isPause ? 0 : AMPLITUDE * (0.3 + random.nextDouble());
      double hertz = 100 + random.nextInt(120);
      for (int i = 0; i < length && at < samples.length; i++, at++) {
        double rise = Math.sin(Math.PI * i / length);
        phase += 2 * Math.PI * hertz * (1 + 0.1 * rise) / SECOND;
        double voiced =
            Math.sin(phase)
                + 0.6 * Math.sin(2 * phase)
                + 0.4 * Math.sin(3 * phase)
                + 0.2 * Math.sin(5 * phase);
        samples[at] = (float) (loudness * rise * voiced);
      }
    }
    return samples;
  }
}
