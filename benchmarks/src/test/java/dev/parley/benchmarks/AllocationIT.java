package dev.parley.benchmarks;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.parley.media.opus.OpusCodec;
import dev.parley.media.srtp.SrtpWay;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The benchmarks' own statement of what an operation allocates, held against {@code -prof gc} in
 * each build by runs too short for times.
 */
class AllocationIT {
  private static final TimeValue ITERATION = TimeValue.milliseconds(300);

  private static final String[] JVM_FLAGS = {
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"
  };

  /** The best counts: what is allocated for each operation is in all of them. */
  private static final int ITERATIONS = 2;

  /** What rounds to nothing, per operation. */
  private static final double NOTHING_BYTES = 0.5;

  /** What JMH and the test's own threads allocate in an iteration: up to 30 kB seen. */
  private static final double HARNESS_BYTES = 64 << 10;

  @ParameterizedTest
  @CsvSource({
    "DemuxBenchmark,",
    "StunBenchmark,",
    "RtpBenchmark,",
    "RingBenchmark.pair, way=AGRONA_ONE_TO_ONE",
    "JitterBenchmark,",
    "SpeakerBenchmark, talkers=100",
    "ForwardBenchmark, receivers=200",
    "MixBenchmark, talkers=5",
  })
  void ownStepAllocatesNothing(String benchmark, @Nullable String parameters)
      throws RunnerException {
    for (RunResult result : run(benchmark, parameters, inThisProcess())) {
      assertAllocatedAtMost(0, result);
    }
  }

  /**
   * No packet makes garbage; but each five seconds, which are 250 packets here, the conference
   * tells how its calls sound: about 60 B for each of eleven people, so 3 B a packet.
   */
  @Test
  void forwardingAllocatesWhatItTellsOfTheCallAlone() throws RunnerException {
    String parameters = "cipher=NONE receivers=10";
    for (RunResult result : run("PathBenchmark.forward", parameters, inThisProcess())) {
      assertAllocatedAtMost(3, result);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OpusBenchmark, codec=libopus channels=1 complexity=5 lossPercent=10",
    "PathBenchmark.mix, cipher=NONE listeners=10",
  })
  void stepWithNativeCoderAllocatesNothing(String benchmark, String parameters)
      throws RunnerException {
    assumeThat(OpusCodec.libopus()).as("libopus").isNotNull();
    for (RunResult result : run(benchmark, parameters, inThisProcess())) {
      assertAllocatedAtMost(0, result);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SrtpBenchmark.protect32768", "SrtpBenchmark.unprotect32768"})
  void gcmByLibcryptoAllocatesNothing(String benchmark) throws RunnerException {
    assumeThat(SrtpWay.GCM.isPossible()).as("libcrypto").isTrue();
    for (RunResult result : run(benchmark, "way=GCM contexts=1", inThisProcess())) {
      assertAllocatedAtMost(0, result);
    }
  }

  /**
   * What jitsi-srtp needs: 64 B by AES-GCM, 104 B by AES-CM. It leans on escape analysis, so it has
   * a process of its own, with neither assertions nor a coverage agent; and a second, for in some
   * the compiler leaves 16 B more.
   */
  @ParameterizedTest
  @ValueSource(strings = {"SrtpBenchmark.protect32768", "SrtpBenchmark.unprotect32768"})
  void jitsiAllocatesNoMoreThanItsViews(String benchmark) throws RunnerException {
    ChainedOptionsBuilder options = new OptionsBuilder().forks(2).jvmArgs(JVM_FLAGS);
    options.warmupIterations(2).warmupTime(TimeValue.seconds(1));
    for (RunResult result : run(benchmark, "way=AES_CM contexts=1", options)) {
      assertAllocatedAtMost(110, result);
    }
  }

  private static ChainedOptionsBuilder inThisProcess() {
    return new OptionsBuilder().forks(0).warmupIterations(1).warmupTime(ITERATION);
  }

  private static Collection<RunResult> run(
      String benchmark, @Nullable String parameters, ChainedOptionsBuilder options)
      throws RunnerException {
    options
        .include("\\." + benchmark + "\\b")
        .measurementIterations(ITERATIONS)
        .measurementTime(ITERATION)
        .addProfiler(GCProfiler.class)
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true);
    if (parameters != null) {
      for (String parameter : parameters.split(" ", -1)) {
        String[] nameAndValue = parameter.split("=", -1);
        options.param(nameAndValue[0], nameAndValue[1]);
      }
    }
    Collection<RunResult> results = new Runner(options.build()).run();
    assertThat(results).as(benchmark).isNotEmpty();
    return results;
  }

  private static void assertAllocatedAtMost(double boundBytes, RunResult result) {
    Result<?> primary = result.getPrimaryResult();
    Result<?> allocated = requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"));
    double slowestNs = primary.getStatistics().getMax() * unitOf(primary.getScoreUnit()).toNanos(1);
    double operations = ITERATION.convertTo(TimeUnit.NANOSECONDS) / slowestNs;

    assertThat(allocated.getStatistics().getMin())
        .as("bytes an operation: %s", result.getParams().id())
        .isLessThan(boundBytes + NOTHING_BYTES + HARNESS_BYTES / operations);
  }

  private static TimeUnit unitOf(String scoreUnit) {
    return switch (scoreUnit) {
      case "ns/op" -> TimeUnit.NANOSECONDS;
      case "us/op" -> TimeUnit.MICROSECONDS;
      default -> throw new IllegalArgumentException(scoreUnit);
    };
  }
}
