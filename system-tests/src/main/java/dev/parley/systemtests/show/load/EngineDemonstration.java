package dev.parley.systemtests.show.load;

import dev.parley.benchmarks.LoadOptions;
import dev.parley.benchmarks.LoadResult;
import dev.parley.benchmarks.LoadRun;
import dev.parley.systemtests.show.Demonstration;
import dev.parley.systemtests.show.ParleyUp;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ShowOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a participant, and a packet, cost the media server in processor time. */
public final class EngineDemonstration implements Demonstration {
  private static final String MEDIA_SERVER = "media server";
  private static final int SENDING_MS = 20;
  private static final int QUIET_MS = 400;
  private static final int JOINS_PER_SECOND = 25;
  private static final int WARM_UP_SECONDS = 20;
  private static final int QUICK_WARM_UP_SECONDS = 8;
  private static final Duration LENGTH = Duration.ofSeconds(30);
  private static final Duration QUICK_LENGTH = Duration.ofSeconds(8);
  private static final String PARTICIPANTS_MAX = "2000";

  private static final List<Work> ALL =
      List.of(
          Work.mixed("100 in a mixed room, 3 talk", 100, 3, 1.3),
          Work.mixed("50 in a mixed room, all talk", 50, 50, 2.5),
          Work.forwarded("1 talker forwarded to 100", 101, 1, 1, 7),
          Work.forwarded("1 talker forwarded to 500", 501, 1, 1, 7),
          Work.forwarded("loudest 3 of 10 forwarded to 250", 250, 10, 3, 7));

  private static final List<Work> QUICK =
      List.of(
          Work.mixed("50 in a mixed room, 3 talk", 50, 3, 1.3),
          Work.forwarded("1 talker forwarded to 100", 101, 1, 1, 7));

  /**
   * One load.
   *
   * @param slots speakers that each listener gets forwarded; 0 for a mix
   * @param sendingMs time between the packets of those who do not talk
   * @param limit of processor time: milliseconds for each participant and second of a mix,
   *     microseconds for each packet forwarded
   */
  private record Work(
      String title, int participants, int talkers, int slots, int sendingMs, double limit) {
    static Work mixed(String title, int participants, int talkers, double limitMs) {
      return new Work(title, participants, talkers, 0, SENDING_MS, limitMs);
    }

    static Work forwarded(String title, int participants, int talkers, int slots, double limitUs) {
      return new Work(title, participants, talkers, slots, QUIET_MS, limitUs);
    }

    boolean isMix() {
      return slots == 0;
    }
  }

  @Override
  public String name() {
    return "engine";
  }

  @Override
  public String proves() {
    return "what a mixed participant and a forwarded packet cost in processor time, beside the targets";
  }

  @Override
  public String help() {
    return """
    Processor time is the operating system's account of the media server's process, without joins and
    warm-up. The clients are our own, on the same machine; whoever does not talk sends what a client
    with discontinuous transmission sends, in a mixed room a packet each 20 ms.\
    """;
  }

  @Override
  public void run(ShowOptions options, Report report) throws Exception {
    Path data = Files.createTempDirectory("parley-engine");
    try (ParleyUp parley =
        ParleyUp.start(options.root(), data, Map.of("PARLEY_PARTICIPANTS_MAX", PARTICIPANTS_MAX))) {
      long seed = 1;
      for (Work work : options.quick() ? QUICK : ALL) {
        report.step(work.title());
        LoadOptions load = new LoadOptions();
        load.url = URI.create(parley.url());
        load.keyFile = ServerPlaces.serverKey(data);
        load.seed = seed++;
        load.participants = work.participants();
        load.talkers = work.talkers();
        load.mixed = work.isMix() ? work.participants() : 0;
        load.slots = Math.max(1, work.slots());
        load.quietIntervalMs = work.sendingMs();
        load.joinSeconds = Math.max(1, (double) work.participants() / JOINS_PER_SECOND);
        load.warmUpSeconds = options.quick() ? QUICK_WARM_UP_SECONDS : WARM_UP_SECONDS;
        load.pids.put(MEDIA_SERVER, ServerPlaces.mediaServerPid());
        load.metrics.put(MEDIA_SERVER, ServerPlaces.MEDIA_METRICS);
        LoadRun run =
            new LoadRun(
                load,
                options.quick() ? QUICK_LENGTH : LENGTH,
                false,
                options.json() ? System.err : System.out);
        judge(work, run.run(), report);
      }
    } finally {
      ServerPlaces.delete(data);
    }
  }

  private static void judge(Work work, LoadResult result, Report report) {
    LoadResult.Processor used = result.processor().get(MEDIA_SERVER);
    String title = work.title();
    if (used == null) {
      report.check(title + ": processor time", false, "unknown");
      return;
    }
    if (work.isMix()) {
      report.atMost(
          title + ": a participant-second", used.msPerParticipantSecond(), work.limit(), "ms");
    } else {
      report.atMost(title + ": a packet", used.usPerPacket(), work.limit(), "us");
    }
    report.atLeast(
        title + ": joined", (double) result.joinMs().getTotalCount(), result.participants(), "");
    report.atMost(title + ": packets lost", (double) result.figures().lost(), 0, "");
    report.tell(title + ": delay", delay(result));
    result.faults().forEach(fault -> report.check(title + ": " + fault, false, "no"));
  }

  private static String delay(LoadResult result) {
    return String.format(
        Locale.ROOT,
        "50 %% %.2f, 99 %% %.2f ms",
        result.figures().latencyUs().getValueAtPercentile(50) / 1_000.0,
        result.figures().latencyUs().getValueAtPercentile(99) / 1_000.0);
  }
}
