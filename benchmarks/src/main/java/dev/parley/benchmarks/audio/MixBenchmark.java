package dev.parley.benchmarks.audio;

import dev.parley.media.mix.LevelMeter;
import dev.parley.media.mix.Limiter;
import dev.parley.media.mix.Mixer;
import dev.parley.media.opus.OpusCodec;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The arithmetic of one mix tick on the stereo bus, apart from the codec: 20 ms of two channels.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() first.
public class MixBenchmark {
  private static final int CHANNELS = 2;
  private static final int FRAME_LENGTH = OpusCodec.FRAME_SAMPLES * CHANNELS;

  @Param({"1", "5", "16"})
  public int talkers;

  private final Mixer mixer = new Mixer(FRAME_LENGTH);
  private final Limiter limiter = new Limiter(CHANNELS, OpusCodec.FRAME_SAMPLES);
  private final Limiter busyLimiter = new Limiter(CHANNELS, OpusCodec.FRAME_SAMPLES);
  private final float[] out = new float[FRAME_LENGTH];
  private float[][] voices;
  private float[] loud;

  /** A frame for each talker. */
  @Setup
  public void prepare() {
    float[] speech = Voice.frames(talkers + 8, CHANNELS);
    voices = new float[talkers][];
    for (int i = 0; i < talkers; i++) {
      voices[i] = Arrays.copyOfRange(speech, (i + 8) * FRAME_LENGTH, (i + 9) * FRAME_LENGTH);
    }
    loud = voices[0].clone();
    for (int i = 0; i < loud.length; i++) {
      loud[i] *= 10;
    }
    sum();
  }

  /** All talkers added up. */
  @Benchmark
  public int sum() {
    mixer.clear();
    for (int i = 0; i < talkers; i++) {
      mixer.add(voices[i]);
    }
    return mixer.talkers();
  }

  /** What one talker hears. */
  @Benchmark
  public float[] mixMinus() {
    mixer.mixWithoutTo(voices[0], out);
    return out;
  }

  /** A frame that needs no limiting. */
  @Benchmark
  public float limitQuiet() {
    limiter.apply(voices[0]);
    return limiter.gain();
  }

  /** A copy of a frame far above full scale. */
  @Benchmark
  public float limitLoud() {
    System.arraycopy(loud, 0, out, 0, FRAME_LENGTH);
    busyLimiter.apply(out);
    return busyLimiter.gain();
  }

  /** The level of a frame. */
  @Benchmark
  public int level() {
    return LevelMeter.levelDbov(voices[0], FRAME_LENGTH);
  }
}
