package dev.parley.systemtests.show.load;

import dev.parley.benchmarks.JoinStorm;
import dev.parley.benchmarks.LoadOptions;
import dev.parley.systemtests.show.Demonstration;
import dev.parley.systemtests.show.ParleyUp;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ShowOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * Two hundred joins in five seconds beside a running call, of which no tick may be more than 5 ms
 * late.
 */
public final class JoinsDemonstration implements Demonstration {
  private static final int JOINS = 200;
  private static final int QUICK_JOINS = 100;
  private static final double JOIN_SECONDS = 5;
  private static final double QUICK_JOIN_SECONDS = 2.5;
  private static final int ROOM_SIZE = 10;
  private static final int CALL_SIZE = 5;
  private static final int DISCONTINUOUS_MS = 400;
  private static final int ATTEMPTS = 3;
  private static final double LATE_MS = 5;
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Duration QUICK_WARM_UP = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "joins";
  }

  @Override
  public String proves() {
    return "200 joins in 5 s make no tick of a running call more than 5 ms late";
  }

  @Override
  public String help() {
    return """
    --quick joins half as many in half the time. Those who join are silent and use discontinuous
    transmission, so that the joins are measured and not the media of 200 talkers. They share this
    machine's processors with the servers. A program that runs before all others on each processor
    tells when the machine itself stood still: a storm in which it did for over 5 ms and ticks were
    late proves nothing and is repeated, at most twice.\
    """;
  }

  @Override
  public void run(ShowOptions options, Report report) throws Exception {
    int attempts = options.quick() ? 1 : ATTEMPTS;
    for (int attempt = 1; !storm(options, report, attempt == attempts); attempt++) {
      report.note("A storm was repeated: the machine stood still in it, and ticks were late.");
    }
  }

  /** Returns false, and reports nothing, if the machine spoilt it and there may be another. */
  private static boolean storm(ShowOptions options, Report report, boolean last) throws Exception {
    Path data = Files.createTempDirectory("parley-joins");
    try (Stalls stalls = Stalls.watch(options.root(), data);
        ParleyUp parley =
            ParleyUp.start(options.root(), Files.createDirectory(data.resolve("up")))) {
      LoadOptions running = new LoadOptions();
      running.url = URI.create(parley.url());
      running.participants = CALL_SIZE;
      running.mixed = 2;
      running.joinSeconds = 1;
      LoadOptions joining = new LoadOptions();
      joining.url = running.url;
      joining.seed = running.seed + 1;
      joining.keyFile = ServerPlaces.serverKey(data.resolve("up"));
      joining.participants = options.quick() ? QUICK_JOINS : JOINS;
      joining.rooms = joining.participants / ROOM_SIZE;
      joining.talkers = 0;
      joining.mixed = 0;
      joining.quietIntervalMs = DISCONTINUOUS_MS;
      joining.joinSeconds = options.quick() ? QUICK_JOIN_SECONDS : JOIN_SECONDS;
      report.step(joining.participants + " joins in " + joining.joinSeconds + " s");
      Duration warmUp = options.quick() ? QUICK_WARM_UP : WARM_UP;
      JoinStorm.Result result =
          new JoinStorm(running, joining, ServerPlaces.MEDIA_METRICS, warmUp).run();
      double stallMs = stalls.longestMs(result.beganNanos(), result.endedNanos());
      if (!last && result.lateTicks() > 0 && stallMs > LATE_MS) {
        return false;
      }
      judge(result, joining.participants, report);
      report.tell(
          "longest the machine itself stood still", String.format(Locale.ROOT, "%.1f ms", stallMs));
      return true;
    } finally {
      ServerPlaces.delete(data);
    }
  }

  private static void judge(JoinStorm.Result result, int wanted, Report report) {
    report.atLeast("joins connected", (double) result.joined(), wanted, "");
    report.tell("ticks during the storm", Long.toString(result.ticks()));
    report.tell("ticks over 5 ms late in as long before", Long.toString(result.lateTicksBefore()));
    report.atMost("ticks over 5 ms late during the storm", (double) result.lateTicks(), 0, "");
    report.atMost("packets the running call lost", (double) result.call().lost(), 0, "");
    report.tell("time to the answer, median", result.answerMs().getValueAtPercentile(50) + " ms");
    report.tell("time to join, median", result.joinMs().getValueAtPercentile(50) + " ms");
    report.tell("time to join, 99th percentile", result.joinMs().getValueAtPercentile(99) + " ms");
    double late = result.generatorLateUs().getValueAtPercentile(99) / 1_000.0;
    report.tell("our clients' own lateness, 99 %", String.format(Locale.ROOT, "%.1f ms", late));
    result.failures().forEach(failure -> report.check(failure, false, "no"));
  }
}
