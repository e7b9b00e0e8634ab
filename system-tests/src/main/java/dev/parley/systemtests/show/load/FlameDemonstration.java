package dev.parley.systemtests.show.load;

import dev.parley.benchmarks.LoadOptions;
import dev.parley.benchmarks.LoadResult;
import dev.parley.benchmarks.LoadRun;
import dev.parley.benchmarks.client.PacketWatch;
import dev.parley.benchmarks.plot.FlameGraph;
import dev.parley.systemtests.show.Demonstration;
import dev.parley.systemtests.show.ParleyUp;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ShowOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Flame graphs of the loaded media server: what a mix costs, and what forwarding does. */
public final class FlameDemonstration implements Demonstration {
  private static final int WARM_UP_SECONDS = 40;
  private static final int QUICK_WARM_UP_SECONDS = 5;
  private static final int SECONDS = 20;
  private static final int QUICK_SECONDS = 8;
  private static final int JOINS_PER_SECOND = 25;
  private static final String PARTICIPANTS_MAX = "2000";

  /** A thread's stacks begin with its name and number. */
  private static final String MEDIA_THREAD = "[media-";

  /** In a processor used for half the time, at a sample each 0.5 ms, there are 1,000 a second. */
  private static final int SAMPLES_PER_SECOND_MIN = 10;

  @Override
  public String name() {
    return "flame";
  }

  @Override
  public String proves() {
    return "where the time of a loaded media server goes, as flame graphs";
  }

  @Override
  public String help() {
    return """
      --plot DIR   where flame-mixed.svg and flame-forwarded.svg are written (default .parley)
    Media threads only, sampled by async-profiler each 0.5 ms of processor time for 20 s, after 40 s of
    warming up; needs root or kernel.perf_event_paranoid=1. --quick takes 8 s after 5.\
    """;
  }

  @Override
  public void run(ShowOptions options, Report report) throws Exception {
    Path data = Files.createTempDirectory("parley-flame");
    try (LargePages _ = LargePages.grant(report);
        ParleyUp parley =
            ParleyUp.start(
                options.root(), data, Map.of("PARLEY_PARTICIPANTS_MAX", PARTICIPANTS_MAX))) {
      LoadOptions mixed = load(parley, data, 100);
      mixed.talkers = 3;
      mixed.mixed = mixed.participants;
      draw("mixed", "100 in a mixed room, all sending, 3 talking", mixed, data, options, report);
      LoadOptions forwarded = load(parley, data, 501);
      forwarded.talkers = 1;
      forwarded.mixed = 0;
      forwarded.slots = 1;
      forwarded.quietIntervalMs = 0;
      draw("forwarded", "1 talker forwarded to 500", forwarded, data, options, report);
    } finally {
      ServerPlaces.delete(data);
    }
  }

  private static LoadOptions load(ParleyUp parley, Path data, int participants) {
    LoadOptions load = new LoadOptions();
    load.url = URI.create(parley.url());
    load.keyFile = ServerPlaces.serverKey(data);
    load.participants = participants;
    load.joinSeconds = (double) participants / JOINS_PER_SECOND;
    return load;
  }

  private static void draw(
      String name, String title, LoadOptions load, Path data, ShowOptions options, Report report)
      throws Exception {
    Path plots = options.root().resolve(options.text("--plot", ".parley"));
    report.step(title);
    int seconds = options.quick() ? QUICK_SECONDS : SECONDS;
    load.warmUpSeconds = options.quick() ? QUICK_WARM_UP_SECONDS : WARM_UP_SECONDS;
    load.intervalSeconds = seconds;
    // The sampling ends before the clients leave.
    Sampling sampling = new Sampling(data, seconds - 1);
    load.watch = sampling;
    LoadResult result =
        new LoadRun(
                load, Duration.ofSeconds(seconds), false, options.json() ? System.err : System.out)
            .run();
    FlameGraph graph = new FlameGraph();
    sampling.stacks().stream().filter(stack -> stack.startsWith(MEDIA_THREAD)).forEach(graph::add);
    Files.createDirectories(plots);
    Path file = plots.resolve("flame-" + name + ".svg");
    Files.writeString(file, graph.svg("Media threads: " + title));
    report.atLeast(
        name + ": samples", (double) graph.samples(), SAMPLES_PER_SECOND_MIN * seconds, "");
    report.atMost(name + ": packets lost", (double) result.figures().lost(), 0, "");
    report.note(file + " shows it.");
  }

  /** Samples the server from when the load is warm. Called by the load's thread. */
  private static final class Sampling implements PacketWatch {
    private final Path folder;
    private final int seconds;
    private @Nullable StackSampler sampler;

    Sampling(Path folder, int seconds) {
      this.folder = folder;
      this.seconds = seconds;
    }

    @Override
    public void begin() {
      try {
        sampler = StackSampler.start(ServerPlaces.mediaServerPid(), folder, seconds);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    List<String> stacks() throws IOException {
      return sampler == null ? List.of() : sampler.stacks();
    }
  }
}
