package dev.parley.media.mix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class MixerTest {
  private static final int FRAME = 960;

  private final Mixer mixer = new Mixer(FRAME);
  private final float[] out = new float[FRAME];

  @Test
  void speakerDoesNotHearItself() {
    float[] alice = ToneDetector.tone(500, 0.5, FRAME);
    float[] bob = ToneDetector.tone(750, 0.1, FRAME);
    mixer.clear();
    mixer.add(alice);
    mixer.add(bob);

    mixer.mixWithoutTo(alice, out);

    assertThat(out).containsExactly(bob, within(1e-6f));
    assertThat(ToneDetector.amplitude(out, 500)).isLessThan(1e-6);
  }

  @Test
  void loneSpeakerHearsNothingAtAll() {
    float[] alice = ToneDetector.tone(500, 0.5, FRAME);
    mixer.clear();
    mixer.add(alice);

    mixer.mixWithoutTo(alice, out);

    assertThat(out).containsOnly(0f);
  }

  @Test
  void listenerHearsAllTonesAtTheirLevels() {
    mixer.clear();
    for (int talker = 1; talker <= 5; talker++) {
      mixer.add(ToneDetector.tone(200 * talker, 0.05 * talker, FRAME));
    }

    mixer.mixTo(out);

    for (int talker = 1; talker <= 5; talker++) {
      assertThat(ToneDetector.amplitude(out, 200 * talker)).isCloseTo(0.05 * talker, within(1e-4));
    }
    assertThat(ToneDetector.amplitude(out, 1_200)).isLessThan(1e-4);
    assertThat(mixer.talkers()).isEqualTo(5);
  }

  @Test
  void clearedMixerIsSilent() {
    mixer.clear();
    mixer.add(ToneDetector.tone(500, 0.5, FRAME));
    mixer.clear();

    mixer.mixTo(out);

    assertThat(out).containsOnly(0f);
    assertThat(mixer.talkers()).isZero();
  }

  /** Against the sum of the others made anew, in double. */
  @Property(tries = 200)
  void mixMinusIsTheSumOfTheOthers(
      @ForAll @IntRange(min = 2, max = 12) int talkers, @ForAll long seed) {
    java.util.Random random = new java.util.Random(seed);
    float[][] frames = new float[talkers][FRAME];
    mixer.clear();
    for (float[] frame : frames) {
      for (int i = 0; i < FRAME; i++) {
        frame[i] = random.nextFloat() * 2 - 1;
      }
      mixer.add(frame);
    }
    int own = random.nextInt(talkers);

    mixer.mixWithoutTo(frames[own], out);

    for (int i = 0; i < FRAME; i++) {
      double expected = 0;
      for (int talker = 0; talker < talkers; talker++) {
        expected += talker == own ? 0 : frames[talker][i];
      }
      assertThat((double) out[i]).isCloseTo(expected, within(1e-5));
    }
  }

  @Test
  void stereoAndMonoTurnIntoEachOther() {
    float[] mono = ToneDetector.tone(500, 0.5, FRAME);
    float[] stereo = new float[2 * FRAME];

    FrameKernels.monoToStereo(mono, stereo, FRAME);
    FrameKernels.stereoToMono(stereo, out, FRAME);

    assertThat(out).containsExactly(mono);
    assertThat(stereo[2 * 100]).isEqualTo(stereo[2 * 100 + 1]).isEqualTo(mono[100]);
  }
}
