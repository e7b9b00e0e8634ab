package dev.parley.media.mix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class LevelMeterTest {
  private static final int FRAME = 960;

  @Test
  void fullScaleSquareIsZero() {
    float[] frame = new float[FRAME];
    Arrays.fill(frame, -1f);

    assertThat(LevelMeter.levelDbov(frame, FRAME)).isZero();
  }

  @Test
  void fullScaleSineIsThreeBelow() {
    assertThat(LevelMeter.levelDbov(ToneDetector.tone(500, 1.0, FRAME), FRAME)).isEqualTo(-3);
  }

  @Test
  void tenthOfTheAmplitudeIsTwentyBelow() {
    assertThat(LevelMeter.levelDbov(ToneDetector.tone(500, 0.1, FRAME), FRAME)).isEqualTo(-23);
  }

  @Test
  void silenceAndRubbishAreTheLeast() {
    float[] frame = new float[FRAME];
    assertThat(LevelMeter.levelDbov(frame, FRAME)).isEqualTo(-127);
    frame[1] = 1e-12f;
    assertThat(LevelMeter.levelDbov(frame, FRAME)).isEqualTo(-127);
    frame[1] = Float.NaN;
    assertThat(LevelMeter.levelDbov(frame, FRAME)).isEqualTo(-127);
    frame[1] = 5_000f;
    assertThat(LevelMeter.levelDbov(frame, FRAME)).isZero();
  }
}
