package dev.parley.media.mix;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

final class MixAllocationTest {
  private static final int WARM_UP_TICKS = 5_000;
  private static final int MEASURED_TICKS = 5_000;

  /**
   * On a busy machine the JIT may still be at work in the first; garbage per tick would be in each
   * of them.
   */
  private static final int ROUNDS = 10;

  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Mixer mixer = new Mixer(960);
  private final Limiter limiter = new Limiter(1, 960);
  private final GainRamp ramp = new GainRamp(1, 0f);
  private final float[][] voices = {
    ToneDetector.tone(300, 0.7, 960),
    ToneDetector.tone(500, 0.7, 960),
    ToneDetector.tone(700, 0.7, 960)
  };
  private final float[] faded = new float[960];
  private final float[] out = new float[960];
  private int levels;

  @Test
  void tickAllocatesNothing() {
    run(WARM_UP_TICKS);
    long leastBytes = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && leastBytes >= MEASURED_TICKS; round++) {
      long beforeBytes = thread.getCurrentThreadAllocatedBytes();
      run(MEASURED_TICKS);
      leastBytes = Math.min(leastBytes, thread.getCurrentThreadAllocatedBytes() - beforeBytes);
    }

    assertThat(leastBytes).isLessThan(MEASURED_TICKS);
    assertThat(levels).isNegative();
  }

  private void run(int ticks) {
    for (int tick = 0; tick < ticks; tick++) {
      mixer.clear();
      for (int i = 0; i < voices.length; i++) {
        mixer.add(voices[i]);
      }
      System.arraycopy(voices[0], 0, faded, 0, 960);
      ramp.moveTo((tick & 64) == 0 ? 1f : 0f);
      ramp.apply(faded, 960);
      mixer.add(faded);
      mixer.mixWithoutTo(faded, out);
      limiter.apply(out);
      mixer.mixTo(out);
      levels += LevelMeter.levelDbov(out, 960);
    }
  }
}
