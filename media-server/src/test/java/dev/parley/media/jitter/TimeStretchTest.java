package dev.parley.media.jitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parley.media.mix.ToneDetector;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimeStretchTest {
  private static final int SECONDS = 4;
  private static final int LENGTH = SECONDS * 48_000;
  private static final int WINDOW = 4_800;
  private static final float LIKENESS = 0.9f;
  private static final int FRAME = 960;

  private int changes;
  private int moved;

  /** What is to be stretched. */
  enum Sound {
    SWEEP,
    NOISE,
    VOICE,
    VOICE_IN_NOISE;

    float[] samples() {
      return switch (this) {
        case SWEEP -> sweep();
        case NOISE -> noise(0.05, 7);
        case VOICE -> voice();
        case VOICE_IN_NOISE -> sum(voice(), noise(0.02, 8));
      };
    }

    double largestStep() {
      return TimeStretchTest.largestStep(samples());
    }
  }

  /** Whole multiples of 10 Hz, so that windows of 100 ms have whole periods. */
  @ParameterizedTest
  @ValueSource(ints = {80, 110, 230, 440, 990, 1_310, 1_970, 2_410, 3_010, 5_570, 9_430})
  void shortenedSineStaysThatSine(int hertz) {
    assertPure(hertz, true);
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 110, 230, 440, 990, 1_310, 1_970, 2_410, 3_010, 5_570, 9_430})
  void lengthenedSineStaysThatSine(int hertz) {
    assertPure(hertz, false);
  }

  private void assertPure(int hertz, boolean isShortening) {
    float[] sine = ToneDetector.tone(hertz, 0.3, LENGTH);

    float[] out = stretched(sine, 1, isShortening);

    assertThat(changes).isGreaterThan(SECONDS * 10);
    double besideDb = 0;
    int windows = 0;
    for (int from = 0; from + WINDOW <= out.length; from += WINDOW) {
      double amplitude = ToneDetector.amplitude(out, from, from + WINDOW, hertz);
      double beside = meanSquare(out, from, from + WINDOW) - amplitude * amplitude / 2;
      besideDb += 10 * Math.log10(Math.max(1e-9, beside / (0.3 * 0.3 / 2)));
      windows++;
      assertThat(amplitude).isBetween(0.3 * 0.9, 0.3 * 1.02);
    }
    // Where a period has few samples, a whole number of them may miss it by much.
    assertThat(besideDb / windows).isLessThan(hertz < 2_000 ? -30 : -20);
    assertThat(largestStep(out)).isLessThan(1.1 * largestStep(sine));
  }

  @ParameterizedTest
  @EnumSource
  void nothingClicksWhenShortened(Sound sound) {
    assertSmooth(sound, true);
  }

  @ParameterizedTest
  @EnumSource
  void nothingClicksWhenLengthened(Sound sound) {
    assertSmooth(sound, false);
  }

  private void assertSmooth(Sound sound, boolean isShortening) {
    float[] samples = sound.samples();

    float[] out = stretched(samples, 1, isShortening);

    assertThat(changes).isGreaterThan(SECONDS * 5);
    assertThat(largestStep(out)).isLessThan(1.25 * largestStep(samples));
    double louderDb =
        10 * Math.log10(meanSquare(out, 0, out.length) / meanSquare(samples, 0, samples.length));
    assertThat(louderDb).isBetween(-0.5, 0.5);
  }

  /** The noise's middle is as loud in the cross-fade as beside it. */
  @Test
  void crossFadedNoiseDoesNotDip() {
    float[] noise = noise(0.1, 9);
    TimeStretch stretch = new TimeStretch(1);
    double[] energy = new double[24];

    for (int from = 0; from + FRAME <= LENGTH; from += FRAME) {
      float[] frame = Arrays.copyOfRange(noise, from, from + FRAME);
      int lag = stretch.shorten(frame, FRAME, 480, LIKENESS);
      assertThat(lag).isBetween(TimeStretch.LAG_MIN, 480);
      for (int i = 0; i < 480; i++) {
        energy[i / 20] += frame[i] * frame[i];
      }
    }

    double mean = Arrays.stream(energy).average().orElseThrow();
    for (double part : energy) {
      assertThat(10 * Math.log10(part / mean)).isEqualTo(0, within(0.7));
    }
  }

  @Test
  void pitchOfAVoiceStays() {
    float[] voice = voice();

    float[] shorter = stretched(voice, 1, true);

    assertThat(moved).isGreaterThan(LENGTH / 6);
    assertThat(meanPitchHertz(shorter)).isEqualTo(meanPitchHertz(voice), within(2.0));
  }

  @Test
  void bothChannelsMoveTogether() {
    float[] left = voice();
    float[] both = new float[2 * LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      both[2 * i] = left[i];
      both[2 * i + 1] = -0.5f * left[i];
    }

    float[] out = stretched(both, 2, true);

    assertThat(changes).isPositive();
    float apart = 0;
    for (int i = 0; i < out.length; i += 2) {
      apart = Math.max(apart, Math.abs(out[i + 1] + 0.5f * out[i]));
    }
    assertThat(apart).isLessThan(1e-6f);
  }

  @Test
  void onsetOfAWordIsLeftAlone() {
    float[] onset = noise(0.001, 3);
    float[] loud = voice();
    for (int i = 600; i < FRAME; i++) {
      onset[i] += loud[i + 1_000];
    }
    float[] before = onset.clone();

    assertThat(new TimeStretch(1).shorten(onset, FRAME, TimeStretch.LAG_MAX, LIKENESS)).isZero();
    assertThat(onset).containsExactly(before);
  }

  @Test
  void lagKeepsItsLimit() {
    float[] sine = ToneDetector.tone(300, 0.3, FRAME);
    TimeStretch stretch = new TimeStretch(1);

    assertThat(stretch.shorten(sine.clone(), FRAME, TimeStretch.LAG_MIN - 1, -1)).isZero();
    assertThat(stretch.shorten(sine.clone(), FRAME, 170, LIKENESS)).isBetween(158, 162);
    assertThat(stretch.shorten(sine.clone(), FRAME, 5_000, LIKENESS)).isBetween(638, 642);
  }

  @Test
  void digitalSilenceMayBeStretched() {
    float[] zeros = new float[FRAME + TimeStretch.LAG_MAX];
    TimeStretch stretch = new TimeStretch(1);

    assertThat(stretch.shorten(zeros, FRAME, 500, LIKENESS)).isBetween(120, 500);
    assertThat(stretch.lengthen(zeros, FRAME, 500, LIKENESS)).isBetween(120, 500);
    assertThat(zeros).containsOnly(0f);
  }

  /** As a playout does it: frame by frame, at most one change in three, from where it is. */
  private float[] stretched(float[] samples, int channels, boolean isShortening) {
    TimeStretch stretch = new TimeStretch(channels);
    float[] pending = new float[(2 * FRAME + TimeStretch.LAG_MAX) * channels];
    float[] out = new float[2 * samples.length];
    int pendingSamples = 0;
    int read = 0;
    int written = 0;
    for (int frame = 0; ; frame++) {
      while (pendingSamples < FRAME && read + FRAME <= samples.length / channels) {
        System.arraycopy(
            samples, read * channels, pending, pendingSamples * channels, FRAME * channels);
        read += FRAME;
        pendingSamples += FRAME;
      }
      if (pendingSamples < FRAME) {
        return Arrays.copyOf(out, written * channels);
      }
      if (frame % 3 == 0) {
        int change =
            isShortening
                ? -stretch.shorten(pending, pendingSamples, TimeStretch.LAG_MAX, LIKENESS)
                : stretch.lengthen(pending, pendingSamples, TimeStretch.LAG_MAX, LIKENESS);
        pendingSamples += change;
        moved += Math.abs(change);
        changes += change == 0 ? 0 : 1;
      }
      int taken = Math.min(FRAME, pendingSamples);
      System.arraycopy(pending, 0, out, written * channels, taken * channels);
      System.arraycopy(pending, taken * channels, pending, 0, (pendingSamples - taken) * channels);
      written += taken;
      pendingSamples -= taken;
    }
  }

  /** From 100 to 4 000 Hz in four seconds. */
  private static float[] sweep() {
    float[] samples = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      double seconds = i / 48_000.0;
      double phase = 2 * Math.PI * (100 * seconds + 3_900 * seconds * seconds / (2 * SECONDS));
      samples[i] = (float) (0.3 * Math.sin(phase));
    }
    return samples;
  }

  private static float[] noise(double deviation, long seed) {
    Random random = new Random(seed);
    float[] samples = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      samples[i] = (float) (deviation * random.nextGaussian());
    }
    return samples;
  }

  /**
   * Harmonics of a pitch that glides between 110 and 170 Hz, swelling and fading like syllables.
   */
  private static float[] voice() {
    float[] samples = new float[LENGTH];
    double phase = 0;
    for (int i = 0; i < LENGTH; i++) {
      double seconds = i / 48_000.0;
      phase += 2 * Math.PI * (140 + 30 * Math.sin(2 * Math.PI * 0.7 * seconds)) / 48_000;
      double sum = 0;
      for (int harmonic = 1; harmonic <= 12; harmonic++) {
        sum += Math.sin(harmonic * phase + harmonic * harmonic) / harmonic;
      }
      samples[i] = (float) (0.1 * (0.55 + 0.45 * Math.sin(2 * Math.PI * 3 * seconds)) * sum);
    }
    return samples;
  }

  private static float[] sum(float[] a, float[] b) {
    float[] samples = a.clone();
    for (int i = 0; i < samples.length; i++) {
      samples[i] += b[i];
    }
    return samples;
  }

  /** Mean over windows of 40 ms of the pitch whose period is most like the next. */
  private static double meanPitchHertz(float[] samples) {
    double sum = 0;
    int windows = 0;
    for (int from = 0; from + 1_920 <= samples.length; from += 1_920) {
      int best = 0;
      double bestLikeness = -1;
      for (int lag = 240; lag <= 480; lag++) {
        double product = 0;
        double energies = 0;
        for (int i = from; i < from + 960; i++) {
          product += samples[i] * samples[i + lag];
          energies += samples[i] * samples[i] + samples[i + lag] * samples[i + lag];
        }
        if (product / energies > bestLikeness) {
          bestLikeness = product / energies;
          best = lag;
        }
      }
      sum += 48_000.0 / best;
      windows++;
    }
    return sum / windows;
  }

  private static double meanSquare(float[] samples, int from, int to) {
    double energy = 0;
    for (int i = from; i < to; i++) {
      energy += samples[i] * samples[i];
    }
    return energy / (to - from);
  }

  private static double largestStep(float[] samples) {
    double largest = 0;
    for (int i = 1; i < samples.length; i++) {
      largest = Math.max(largest, Math.abs(samples[i] - samples[i - 1]));
    }
    return largest;
  }
}
