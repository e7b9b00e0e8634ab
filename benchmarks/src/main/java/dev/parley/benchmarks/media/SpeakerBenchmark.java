package dev.parley.benchmarks.media;

import dev.parley.media.speaker.SpeakerRanking;
import dev.parley.media.speaker.TalkerLevels;
import java.util.Random;
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
 * What a conference does in 20 ms to know who is heard, every microphone open: a level from each,
 * the scores, the ranking. Five talk at a time, others every three seconds, so places change.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() first.
public class SpeakerBenchmark {
  private static final long TICK_NS = 20_000_000L;
  private static final int TICKS_PER_TURN = 150;
  private static final int TALKING = 5;
  private static final int PLACES = 5;
  private static final int NOISES = 1 << 12;

  @Param({"10", "100", "1000"})
  public int talkers;

  private final int[] noiseDb = new Random(1).ints(NOISES, 0, 12).toArray();
  private TalkerLevels levels;
  private SpeakerRanking ranking;
  private long nowNs;
  private int tick;

  /** Everybody is there and has been heard. */
  @Setup
  public void prepare() {
    levels = new TalkerLevels(nowNs);
    ranking = new SpeakerRanking(levels, PLACES);
    for (int talker = 0; talker < talkers; talker++) {
      levels.add(talker);
    }
    tick();
  }

  @Benchmark
  public int tick() {
    nowNs += TICK_NS;
    tick++;
    int first = tick / TICKS_PER_TURN * TALKING % talkers;
    for (int talker = 0; talker < talkers; talker++) {
      boolean isTalking = talker >= first && talker < first + TALKING;
      int noise = noiseDb[(talker * 31 + tick) & NOISES - 1];
      levels.onLevel(talker, (isTalking ? -35 : -90) + noise, isTalking, nowNs);
    }
    levels.update(nowNs);
    ranking.update(nowNs);
    return ranking.dominant(nowNs);
  }
}
