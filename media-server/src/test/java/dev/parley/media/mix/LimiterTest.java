package dev.parley.media.mix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;

final class LimiterTest {
  private static final int FRAME = 960;

  @Test
  void quietSoundPassesUntouched() {
    Limiter limiter = new Limiter(1, FRAME);
    float[] frame = ToneDetector.tone(440, 0.88, FRAME);
    float[] before = frame.clone();

    limiter.apply(frame);

    assertThat(frame).containsExactly(before);
    assertThat(limiter.gain()).isEqualTo(1f);
  }

  @Property(tries = 300)
  void nothingEverReachesFullScale(
      @ForAll long seed, @ForAll @FloatRange(min = 0.01f, max = 900f) float amplitude) {
    Limiter limiter = new Limiter(2, FRAME);
    java.util.Random random = new java.util.Random(seed);
    float[] frame = new float[2 * FRAME];
    for (int n = 0; n < 6; n++) {
      float here = random.nextInt(3) == 0 ? amplitude : amplitude * random.nextFloat();
      for (int i = 0; i < frame.length; i++) {
        frame[i] = (random.nextFloat() * 2 - 1) * here;
      }

      limiter.apply(frame);

      assertThat(FrameKernels.peak(frame, 0, frame.length)).isLessThanOrEqualTo(1f);
    }
  }

  /**
   * Five talkers at once, 6 dB over: after the attack the tones keep their shape; what is not
   * theirs stays 50 dB down.
   */
  @Test
  void loudMixIsTurnedDownAndNotDistorted() {
    Limiter limiter = new Limiter(1, FRAME);
    float[] heard = new float[FRAME * 50];
    for (int n = 0; n < 50; n++) {
      float[] frame = new float[FRAME];
      for (int talker = 0; talker < 5; talker++) {
        ToneDetector.addTone(frame, 1, 300 + 200 * talker, 0.4, (long) n * FRAME);
      }
      limiter.apply(frame);
      System.arraycopy(frame, 0, heard, n * FRAME, FRAME);
    }
    float[] steady = Arrays.copyOfRange(heard, FRAME * 20, FRAME * 50);

    double gain = ToneDetector.amplitude(steady, 300) / 0.4;
    assertThat(gain).isBetween(0.40, 0.60);
    for (int talker = 1; talker < 5; talker++) {
      assertThat(ToneDetector.amplitude(steady, 300 + 200 * talker) / 0.4)
          .isCloseTo(gain, within(0.02));
    }
    for (double stranger : new double[] {1_300, 1_500, 2_000, 3_333, 5_000, 9_000}) {
      assertThat(ToneDetector.amplitude(steady, stranger)).isLessThan(0.4 * gain * 0.0032 * 3);
    }
  }

  @Test
  void gainMovesWithoutSteps() {
    Limiter limiter = new Limiter(1, FRAME);
    float[] frame = new float[FRAME];
    float lastSample = 0.5f;
    for (int n = 0; n < 100; n++) {
      // A constant shows the gain itself. Loud from the 10th to the 20th frame.
      Arrays.fill(frame, n >= 10 && n < 20 ? 1.8f : 0.5f);
      limiter.apply(frame);
      if (n != 10 && n != 20) {
        for (int i = 0; i < FRAME; i++) {
          assertThat(Math.abs(frame[i] - lastSample))
              .as("frame %d sample %d", n, i)
              .isLessThan(0.01f);
          lastSample = frame[i];
        }
      }
      lastSample = frame[FRAME - 1];
    }
    assertThat(limiter.gain()).isEqualTo(1f);
  }

  @Test
  void successorGoesOnAtTheSameGain() {
    Limiter limiter = new Limiter(1, FRAME);
    float[] frame = ToneDetector.tone(440, 2.0, FRAME);
    limiter.apply(frame);
    Limiter successor = new Limiter(2, FRAME);

    successor.continueFrom(limiter);

    assertThat(successor.gain()).isEqualTo(limiter.gain()).isLessThan(0.6f);
  }

  @Test
  void rubbishBecomesSilenceAndIsForgotten() {
    Limiter limiter = new Limiter(1, FRAME);
    for (float rubbish : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 1e30f}) {
      float[] frame = new float[FRAME];
      frame[500] = rubbish;
      limiter.apply(frame);
      assertThat(frame).containsOnly(0f);
    }
    float[] frame = ToneDetector.tone(440, 0.5, FRAME);
    float[] before = frame.clone();

    limiter.apply(frame);

    assertThat(frame).containsExactly(before);
  }
}
