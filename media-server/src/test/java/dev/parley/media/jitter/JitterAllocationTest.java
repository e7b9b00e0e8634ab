package dev.parley.media.jitter;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.parley.media.mix.ToneDetector;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class JitterAllocationTest {
  private static final int WARM_UP_TICKS = 20_000;
  private static final int MEASURED_TICKS = 10_000;

  /**
   * On a busy machine the JIT may still be at work in the first; garbage per tick would be in each
   * of them.
   */
  private static final int ROUNDS = 10;

  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final JitterBuffer buffer = new JitterBuffer();
  private final TalkerPlayout playout = new TalkerPlayout(buffer, new CountingDecoder(false));
  private final ArrivedPacket packet = new ArrivedPacket();
  private final UnsafeBuffer payload = new UnsafeBuffer(new byte[16]);
  private final float[] frame = new float[960];
  private int sequence;
  private long nowNs;

  @Test
  void insertingAndPlayingAllocateNothing() {
    run(WARM_UP_TICKS);
    long leftOut = playout.leftOutTicks();
    long leastBytes = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && leastBytes >= MEASURED_TICKS; round++) {
      long beforeBytes = thread.getCurrentThreadAllocatedBytes();
      run(MEASURED_TICKS);
      leastBytes = Math.min(leastBytes, thread.getCurrentThreadAllocatedBytes() - beforeBytes);
    }

    assertThat(leastBytes).isLessThan(MEASURED_TICKS);
    assertThat(buffer.counters().lost()).isPositive();
    assertThat(buffer.counters().duplicate()).isPositive();
    assertThat(buffer.counters().starved()).isPositive();
    assertThat(playout.leftOutTicks()).isGreaterThan(leftOut);
  }

  @Test
  void stretchingAllocatesNothing() {
    TimeStretch stretch = new TimeStretch(1);
    float[] sound = ToneDetector.tone(330, 0.1, 960 + TimeStretch.LAG_MAX);
    stretch(stretch, sound, WARM_UP_TICKS / 10);
    long leastBytes = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && leastBytes >= MEASURED_TICKS / 10; round++) {
      long beforeBytes = thread.getCurrentThreadAllocatedBytes();
      stretch(stretch, sound, MEASURED_TICKS / 10);
      leastBytes = Math.min(leastBytes, thread.getCurrentThreadAllocatedBytes() - beforeBytes);
    }

    assertThat(leastBytes).isLessThan(MEASURED_TICKS / 10);
  }

  private static void stretch(TimeStretch stretch, float[] sound, int times) {
    for (int i = 0; i < times; i++) {
      int longer = stretch.lengthen(sound, 960, TimeStretch.LAG_MAX, 0.5f);
      int shorter = stretch.shorten(sound, 960 + longer, TimeStretch.LAG_MAX, 0.5f);
      assert longer > 0 && shorter > 0 : longer + " put in, " + shorter + " taken out";
    }
  }

  /**
   * With losses, duplicates, pauses, jumps and packets that are held up together, so that every
   * branch is measured.
   */
  private void run(int ticks) {
    for (int tick = 0; tick < ticks; tick++) {
      sequence += sequence % 500 == 499 ? 20_001 : 1;
      boolean isLost = sequence % 13 == 0 || sequence % 200 > 190;
      boolean isHeldUp = sequence % 300 > 293;
      if (!isLost && !isHeldUp) {
        insert(sequence);
      }
      if (sequence % 17 == 0) {
        insert(sequence);
      }
      if (sequence % 300 == 0) {
        for (int behind = 6; behind > 0; behind--) {
          insert(sequence - behind);
        }
      }
      playout.readFrame(frame, nowNs);
      nowNs += 20_000_000;
    }
  }

  private void insert(int number) {
    payload.putLong(0, number * 960L);
    payload.putInt(12, 960);
    buffer.insert(packet.header(1, number, number * 960, nowNs).payload(payload, 0, 16, 960));
  }
}
