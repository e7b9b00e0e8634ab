package dev.parley.benchmarks.audio;

import dev.parley.media.jitter.ArrivedPacket;
import dev.parley.media.jitter.FrameDecoder;
import dev.parley.media.jitter.JitterBuffer;
import dev.parley.media.jitter.PlayedFrame;
import dev.parley.media.jitter.PlayoutStep;
import dev.parley.media.jitter.TalkerPlayout;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * 20 ms of one talker's stream: what arrived goes in, what is due comes out. The decoder answers at
 * once with the same sound, so the playout's own work is measured: slicing, copying, and where the
 * network is bad, stretching.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JitterBenchmark {
  private static final int TICKS = 1 << 12;
  private static final int ARRIVALS_PER_TICK_MAX = 4;
  private static final int NONE = -1;
  private static final int FRAME_TICKS = 960;
  private static final long TICK_NS = 20_000_000L;
  private static final int PAYLOAD_LENGTH = 80;

  /** What the network does to the stream. */
  public enum Network {
    /** One packet each 20 ms. */
    STEADY,
    /** One in twenty is lost, one in ten comes 20 or 40 ms late and so behind others. */
    LOSS_AND_REORDER
  }

  @Param public Network network = Network.STEADY;

  private final int[] arrivals = new int[TICKS * ARRIVALS_PER_TICK_MAX];
  private final JitterBuffer buffer = new JitterBuffer();
  private final TalkerPlayout playout = new TalkerPlayout(new JitterBuffer(), new InstantDecoder());
  private final ArrivedPacket packet = new ArrivedPacket();
  private final UnsafeBuffer payload = new UnsafeBuffer(new byte[PAYLOAD_LENGTH]);
  private final float[] frame = new float[TalkerPlayout.FRAME_SAMPLES];
  private int tick;
  private long nowNs;

  /** Answers with sound that lasts as long as asked. */
  private static final class InstantDecoder implements FrameDecoder {
    private final float[] sound = new float[FRAME_TICKS];

    InstantDecoder() {
      Arrays.fill(sound, 0.1f);
    }

    @Override
    public int decode(
        byte[] packet, int packetOffset, int packetLength, float[] samples, int samplesOffset) {
      return conceal(samples, samplesOffset, FRAME_TICKS);
    }

    @Override
    public int decodeFec(
        byte[] nextPacket,
        int packetOffset,
        int packetLength,
        float[] samples,
        int samplesOffset,
        int frameSamples) {
      return conceal(samples, samplesOffset, frameSamples);
    }

    @Override
    public int conceal(float[] samples, int samplesOffset, int frameSamples) {
      System.arraycopy(sound, 0, samples, samplesOffset, frameSamples);
      return frameSamples;
    }

    @Override
    public int channels() {
      return 1;
    }
  }

  /** Which packets arrive in each tick, by their number. */
  @Setup
  public void prepare() {
    Arrays.fill(arrivals, NONE);
    Random random = new Random(1);
    for (int number = 0; number < TICKS; number++) {
      int chance = network == Network.STEADY ? 100 : random.nextInt(100);
      if (chance >= 5) {
        int lateTicks = chance < 15 ? 1 + chance % 2 : 0;
        place(number, Math.min(TICKS - 1, number + lateTicks));
      }
    }
  }

  private void place(int number, int atTick) {
    int at = atTick * ARRIVALS_PER_TICK_MAX;
    while (arrivals[at] != NONE) {
      at++;
    }
    arrivals[at] = number;
  }

  /** The buffer alone: insert, and the next step. */
  @Benchmark
  public PlayoutStep insertAndNext() {
    advance(buffer);
    return buffer.next(nowNs);
  }

  /** The buffer with its playout: insert, and the next frame of sound. */
  @Benchmark
  public PlayedFrame insertAndReadFrame() {
    advance(playout.buffer());
    return playout.readFrame(frame, nowNs);
  }

  private void advance(JitterBuffer to) {
    int first = tick / TICKS * TICKS;
    int from = tick % TICKS * ARRIVALS_PER_TICK_MAX;
    for (int i = from; i < from + ARRIVALS_PER_TICK_MAX && arrivals[i] != NONE; i++) {
      int number = first + arrivals[i];
      packet.header(1, number, number * FRAME_TICKS, nowNs);
      to.insert(packet.payload(payload, 0, PAYLOAD_LENGTH, FRAME_TICKS));
    }
    tick++;
    nowNs += TICK_NS;
  }
}
