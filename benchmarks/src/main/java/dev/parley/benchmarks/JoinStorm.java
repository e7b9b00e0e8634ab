package dev.parley.benchmarks;

import dev.parley.benchmarks.client.ClientFigures;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Many people join within seconds while a call is running, and the media server's own count of late
 * ticks tells whether the call noticed. One thread.
 */
public final class JoinStorm {
  private static final String LATE_TICKS = "parley_conference_late_ticks_total";
  private static final String TICKS = "parley_conference_ticks_total";

  private final LoadOptions running;
  private final LoadOptions joining;
  private final URI mediaMetrics;
  private final Duration warmUp;

  /**
   * A storm that has not begun.
   *
   * @param running the call that must not notice
   * @param joining who joins; their rooms must be others, so give another seed
   * @param mediaMetrics the media server's /metrics
   * @param warmUp how long the call runs alone, for the server to be compiled
   */
  public JoinStorm(LoadOptions running, LoadOptions joining, URI mediaMetrics, Duration warmUp) {
    this.running = running;
    this.joining = joining;
    this.mediaMetrics = mediaMetrics;
    this.warmUp = warmUp;
  }

  /**
   * What came of it.
   *
   * @param beganNanos when it began, by {@link System#nanoTime()}
   * @param endedNanos when the last had joined
   * @param joined how many connected
   * @param joinMs from when each was due to connected
   * @param answerMs from when each was due to the session service's answer
   * @param ticks of all conferences during the storm
   * @param lateTicks those that began more than 5 ms late
   * @param lateTicksBefore those of the same length of time before it: what the machine does by
   *     itself
   * @param call figures of the running call
   * @param generatorLateUs how late our own loops were
   * @param failures of joins, in words
   */
  public record Result(
      long beganNanos,
      long endedNanos,
      long joined,
      Histogram joinMs,
      Histogram answerMs,
      long ticks,
      long lateTicks,
      long lateTicksBefore,
      ClientFigures call,
      Histogram generatorLateUs,
      List<String> failures) {}

  /** Runs it. */
  public Result run() throws Exception {
    try (LoadCall call = new LoadCall(running);
        ServerProbe probe = new ServerProbe(Map.of(), Map.of())) {
      call.join();
      TimeUnit.NANOSECONDS.sleep(warmUp.toNanos());
      double lateThen = probe.metric(mediaMetrics, LATE_TICKS);
      TimeUnit.NANOSECONDS.sleep(joining.joinTime().toNanos());
      double lateBefore = probe.metric(mediaMetrics, LATE_TICKS);
      double ticksBefore = probe.metric(mediaMetrics, TICKS);
      try (LoadCall storm = new LoadCall(joining)) {
        long began = System.nanoTime();
        storm.join();
        double lateAfter = probe.metric(mediaMetrics, LATE_TICKS);
        double ticksAfter = probe.metric(mediaMetrics, TICKS);
        long ended = System.nanoTime();
        List<String> failures = new ArrayList<>(call.failures());
        failures.addAll(storm.failures());
        return new Result(
            began,
            ended,
            storm.joinMs().getTotalCount(),
            storm.joinMs(),
            storm.answerMs(),
            Math.round(ticksAfter - ticksBefore),
            Math.round(lateAfter - lateBefore),
            Math.round(lateBefore - lateThen),
            call.figures(),
            call.lateUs(),
            List.copyOf(failures));
      }
    }
  }
}
