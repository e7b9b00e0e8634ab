package dev.parley.media.opus;

import java.util.Random;

/**
 * Golden audio that needs no file: a voice made of glottal pulses and three moving formants, in
 * syllables with pauses, the same for the same seed. Mono, 48 kHz, peak near 0.6.
 */
final class SyntheticSpeech {
  private static final int SAMPLES_PER_SECOND = 48_000;
  private static final int FORMANTS = 3;
  private static final int SAMPLES_PER_VOWEL = 9_600;
  private static final double SYLLABLES_PER_SECOND = 1.5;
  private static final double[] FORMANT_GAINS = {0.025, 0.0125, 0.006};

  private SyntheticSpeech() {}

  static float[] of(int samples, long seed) {
    Random random = new Random(seed);
    float[] speech = new float[samples];
    double[] formantHertz = new double[FORMANTS];
    double[] last = new double[FORMANTS];
    double[] beforeLast = new double[FORMANTS];
    double phase = 0;
    for (int i = 0; i < samples; i++) {
      double seconds = (double) i / SAMPLES_PER_SECOND;
      if (i % SAMPLES_PER_VOWEL == 0) {
        formantHertz[0] = 300 + random.nextDouble() * 500;
        formantHertz[1] = 900 + random.nextDouble() * 1_200;
        formantHertz[2] = 2_300 + random.nextDouble() * 800;
      }
      phase += 120 * (1 + 0.2 * Math.sin(2 * Math.PI * 0.7 * seconds)) / SAMPLES_PER_SECOND;
      double pulse = random.nextGaussian() * 0.01;
      if (phase >= 1) {
        phase -= 1;
        pulse += 1;
      }
      double sample = 0;
      for (int formant = 0; formant < FORMANTS; formant++) {
        double radius = Math.exp(-Math.PI * (80 + 40 * formant) / SAMPLES_PER_SECOND);
        double resonance =
            2 * radius * Math.cos(2 * Math.PI * formantHertz[formant] / SAMPLES_PER_SECOND);
        double current = pulse + resonance * last[formant] - radius * radius * beforeLast[formant];
        beforeLast[formant] = last[formant];
        last[formant] = current;
        sample += current * FORMANT_GAINS[formant];
      }
      double syllable =
          Math.sqrt(Math.max(0, Math.sin(2 * Math.PI * SYLLABLES_PER_SECOND * seconds)));
      speech[i] = (float) (sample * (0.3 + 0.7 * syllable));
    }
    return speech;
  }
}
