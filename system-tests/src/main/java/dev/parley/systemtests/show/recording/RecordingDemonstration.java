package dev.parley.systemtests.show.recording;

import dev.parley.systemtests.show.Demonstration;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ShowOptions;
import dev.parley.systemtests.show.load.ServerPlaces;
import dev.parley.systemtests.upload.CutTable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Calls are recorded, and what is fetched from the store afterwards is what was said. */
public final class RecordingDemonstration implements Demonstration {
  private static final String PART = "--part";
  private static final String ALL = "all";
  private static final String CALL = "call";
  private static final String COST = "cost";
  private static final String MANY = "many";
  private static final String KILLS = "kills";
  private static final String CUTS = "cuts";
  private static final List<String> PARTS = List.of(CALL, COST, MANY, KILLS, CUTS);
  private static final int BREAKS = 20;
  private static final int QUICK_BREAKS = 3;
  private static final long SEED = 20_261_122;
  private static final Duration CALL_TIME = Duration.ofMinutes(10);
  private static final Duration QUICK_CALL_TIME = Duration.ofSeconds(8);
  private static final Duration AVAILABLE_MAX = Duration.ofSeconds(3);
  private static final int SEEDS = 50;
  private static final int QUICK_SEEDS = 1;

  @Override
  public String name() {
    return "recording";
  }

  @Override
  public String proves() {
    return "What was said is in its store: to the sample, soon, at little cost, whatever is killed";
  }

  @Override
  public String help() {
    return """
      --part NAME   only one of its parts: call, cost, many, kills, cuts
      --seeds N     so many kills   (50; --quick: 1)

    A session node, S3Proxy as its object store, and a media server, each a process of its own; the clients are in
    this one.
    call: a tone, something like speech, and a tone over a network that loses one packet in twenty, recorded for ten
    minutes (--quick: 8 s) as mix and as tracks, found by tag, fetched by signed URLs, decoded by libopus, and compared.
    Without --part, kills and cuts happen meanwhile, to others.
    kills: a media server is killed while it records, each fifth time while it uploads, and started again, each second
    time with the store's key, so that it signs its uploads itself.
    cuts: links, store and ways there are cut and restored twenty times (--quick: three) while one track is uploaded,
    to the directory store and to S3Proxy, by the parts of a media server and of two session nodes that do that; bytes
    that pass through the latter are counted at proxies before them.
    cost: processor time of the media server as the kernel accounts it, with and without recording, in turn.
    many: 200 tracks of forwarded calls at once, and 40 mixes (--quick: 20 and 4).\
    """;
  }

  @Override
  public void run(ShowOptions options, Report report) throws Exception {
    String part = options.text(PART, ALL);
    if (!part.equals(ALL) && !PARTS.contains(part)) {
      throw new IllegalArgumentException(
          PART + " is one of " + String.join(", ", PARTS) + ", not " + part);
    }
    Set<String> parts = part.equals(ALL) ? Set.copyOf(PARTS) : Set.of(part);
    Path work = Files.createTempDirectory("parley-recording");
    try {
      report.tell(
          "processors",
          String.format(
              Locale.ROOT,
              "%d, load %.1f",
              Runtime.getRuntime().availableProcessors(),
              ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
      if (parts.contains(CALL) || parts.contains(COST) || parts.contains(MANY)) {
        report.step("starting a session node, S3Proxy and a media server");
        try (Studio studio = new Studio(folder(work, "studio"))) {
          if (parts.contains(CALL)) {
            call(options, parts, studio, report, work);
          }
          if (parts.contains(COST)) {
            new CostRows(report, options.quick()).run(studio);
          }
          if (parts.contains(MANY)) {
            new ManyRows(report, options.quick()).run(studio);
          }
        }
      }
      if (!parts.contains(CALL)) {
        breakages(options, parts, report, work);
      }
    } finally {
      ServerPlaces.delete(work);
    }
  }

  /** While ten minutes are recorded, others' servers and links are broken. */
  private static void call(
      ShowOptions options, Set<String> parts, Studio studio, Report report, Path work)
      throws Exception {
    Duration time = options.quick() ? QUICK_CALL_TIME : CALL_TIME;
    try (CallRows rows = new CallRows(report, studio, new CallRows.Plan(time, AVAILABLE_MAX))) {
      rows.begin();
      breakages(options, parts, report, work);
      rows.end();
    }
  }

  private static void breakages(ShowOptions options, Set<String> parts, Report report, Path work)
      throws Exception {
    if (parts.contains(KILLS)) {
      int seeds = options.number("--seeds", options.quick() ? QUICK_SEEDS : SEEDS);
      try (Studio studio = new Studio(folder(work, KILLS))) {
        new KillRows(report, seeds).run(studio);
      }
    }
    if (parts.contains(CUTS)) {
      cuts(report, folder(work, CUTS), options.quick());
    }
  }

  private static void cuts(Report report, Path work, boolean isQuick) throws Exception {
    int breaks = isQuick ? QUICK_BREAKS : BREAKS;
    try (CutTable directory = CutTable.overDirectory(folder(work, "directory"))) {
      directory.calm(report);
      directory.cuts(report, breaks, SEED);
    }
    if (!isQuick) {
      try (CutTable others = CutTable.overS3Proxy(folder(work, "s3proxy"))) {
        others.calm(report);
        others.cuts(report, breaks, SEED);
      }
    }
  }

  private static Path folder(Path work, String name) throws IOException {
    return Files.createDirectory(work.resolve(name));
  }
}
