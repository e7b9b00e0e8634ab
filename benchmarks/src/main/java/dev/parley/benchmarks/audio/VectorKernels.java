package dev.parley.benchmarks.audio;

import dev.parley.media.mix.FrameKernels;
import dev.parley.media.opus.OpusCodec;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The loops over one 20 ms mono frame, as C2 compiles them. {@link ScalarKernels} runs the same
 * with C2's vectorising off: a loop as fast there as here was never vector code.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class VectorKernels {
  private static final int LENGTH = OpusCodec.FRAME_SAMPLES;

  private final float[] sum = new float[LENGTH];
  private final float[] frame = new float[LENGTH];
  private final float[] out = new float[LENGTH];
  private final float[] stereo = new float[2 * LENGTH];
  private final int[] intSum = new int[LENGTH];
  private final short[] shortFrame = new short[LENGTH];

  /** Noise: no value is special. */
  @Setup
  public void prepare() {
    Random random = new Random(1);
    for (int i = 0; i < LENGTH; i++) {
      frame[i] = random.nextFloat() - 0.5f;
      shortFrame[i] = (short) random.nextInt();
    }
  }

  @Benchmark
  public float[] add() {
    FrameKernels.add(sum, frame, LENGTH);
    return sum;
  }

  /** The same sum in the other representation one might choose. */
  @Benchmark
  public int[] addShortToInt() {
    for (int i = 0; i < LENGTH; i++) {
      intSum[i] += shortFrame[i];
    }
    return intSum;
  }

  @Benchmark
  public float[] subtract() {
    FrameKernels.subtract(sum, frame, out, LENGTH);
    return out;
  }

  /** By -1, so that no number of calls leads out of the range of sound. */
  @Benchmark
  public float[] scale() {
    FrameKernels.scale(frame, 0, LENGTH, -1f);
    return frame;
  }

  @Benchmark
  public float[] monoToStereo() {
    FrameKernels.monoToStereo(frame, stereo, LENGTH);
    return stereo;
  }

  @Benchmark
  public float[] stereoToMono() {
    FrameKernels.stereoToMono(stereo, out, LENGTH);
    return out;
  }

  @Benchmark
  public float peak() {
    return FrameKernels.peak(frame, 0, LENGTH);
  }

  @Benchmark
  public float meanSquare() {
    return FrameKernels.meanSquare(frame, 0, LENGTH);
  }
}
