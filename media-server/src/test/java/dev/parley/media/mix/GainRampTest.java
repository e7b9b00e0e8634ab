package dev.parley.media.mix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class GainRampTest {
  @Test
  void restingAtOneLeavesTheFrameAlone() {
    GainRamp ramp = new GainRamp(1, 1f);
    float[] frame = constant(960);

    ramp.apply(frame, 960);

    assertThat(frame).containsOnly(1f);
  }

  @Test
  void muteFadesInTenMillisecondsWithoutAStep() {
    GainRamp ramp = new GainRamp(1, 1f);
    float[] frame = constant(960);
    ramp.moveTo(0f);

    ramp.apply(frame, 960);

    assertSmooth(frame, 1, 1f);
    assertThat(frame[479]).isZero();
    assertThat(Arrays.copyOfRange(frame, 480, 960)).containsOnly(0f);
    assertThat(ramp.isSilent()).isTrue();
  }

  @Test
  void changeOfMindGoesOnFromWhereTheGainIs() {
    GainRamp ramp = new GainRamp(2, 0f);
    float[] frame = new float[2 * 240];
    Arrays.fill(frame, 1f);
    ramp.moveTo(1f);
    ramp.apply(frame, 240);
    assertSmooth(frame, 2, 0f);
    float reached = frame[479];
    Arrays.fill(frame, 1f);
    ramp.moveTo(0f);

    ramp.apply(frame, 240);

    assertSmooth(frame, 2, reached);
    assertThat(ramp.isSteady()).isFalse();
  }

  private static void assertSmooth(float[] frame, int channels, float before) {
    float last = before;
    for (int i = 0; i < frame.length; i += channels) {
      assertThat(Math.abs(frame[i] - last)).isLessThan(0.003f);
      assertThat(frame[i + channels - 1]).isEqualTo(frame[i]);
      last = frame[i];
    }
  }

  private static float[] constant(int length) {
    float[] frame = new float[length];
    Arrays.fill(frame, 1f);
    return frame;
  }
}
