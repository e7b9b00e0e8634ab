package dev.parley.media.mix;

/**
 * Makes tones and finds them again: Goertzel's one-bin Fourier transform. The bins at whole
 * multiples of rate / length do not see each other at all; otherwise keep tones well apart.
 * Stateless.
 */
public final class ToneDetector {
  public static final int SAMPLES_PER_SECOND = 48_000;

  private ToneDetector() {}

  /**
   * Adds a sine to interleaved samples, on all channels, continuing at {@code startSample} of its
   * own time.
   */
  public static void addTone(
      float[] samples, int channels, double hertz, double amplitude, long startSample) {
    for (int i = 0; i < samples.length / channels; i++) {
      float sample =
          (float)
              (amplitude * Math.sin(2 * Math.PI * hertz * (startSample + i) / SAMPLES_PER_SECOND));
      for (int channel = 0; channel < channels; channel++) {
        samples[i * channels + channel] += sample;
      }
    }
  }

  /** A mono tone. */
  public static float[] tone(double hertz, double amplitude, int length) {
    float[] samples = new float[length];
    addTone(samples, 1, hertz, amplitude, 0);
    return samples;
  }

  /**
   * Amplitude of the part of {@code samples[from, to)} (mono) that is at {@code hertz}; a sine of
   * amplitude a gives a.
   */
  public static double amplitude(float[] samples, int from, int to, double hertz) {
    double omega = 2 * Math.PI * hertz / SAMPLES_PER_SECOND;
    double coefficient = 2 * Math.cos(omega);
    double previous = 0;
    double beforePrevious = 0;
    for (int i = from; i < to; i++) {
      double current = samples[i] + coefficient * previous - beforePrevious;
      beforePrevious = previous;
      previous = current;
    }
    double power =
        previous * previous
            + beforePrevious * beforePrevious
            - coefficient * previous * beforePrevious;
    return 2 * Math.sqrt(Math.max(0, power)) / (to - from);
  }

  /** As {@link #amplitude(float[], int, int, double)} of all samples. */
  public static double amplitude(float[] samples, double hertz) {
    return amplitude(samples, 0, samples.length, hertz);
  }
}
