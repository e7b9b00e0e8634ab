package dev.parley.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.benchmarks.client.PacketCounts;
import dev.parley.benchmarks.plot.LinePlot;
import dev.parley.benchmarks.plot.Svg;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** The report of one load as a page that needs nothing beside it: no script, no other file. */
final class LoadReport {
  private static final double PERCENT = 100;
  private static final int PERCENTILE_STEPS = 5;

  private final Circumstances circumstances;
  private final LoadResult result;
  private final List<LoadTimeline.Sample> timeline;

  /**
   * What one must know to believe the figures.
   *
   * @param command as it was typed
   * @param startedAt when
   * @param machine that the clients ran on
   * @param commit of the clients
   */
  record Circumstances(String command, Instant startedAt, String machine, String commit) {
    static Circumstances now(String command) throws IOException {
      String machine =
          Machine.processor()
              + ", "
              + Runtime.getRuntime().availableProcessors()
              + " processors, "
              + Machine.memoryMebibytes()
              + " MiB, "
              + System.getProperty("os.name")
              + ' '
              + System.getProperty("os.version")
              + ", Java "
              + Runtime.version();
      return new Circumstances(
          command,
          Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS),
          machine,
          Commit.describe(Path.of(System.getProperty("parley.root", "."))));
    }
  }

  LoadReport(Circumstances circumstances, LoadResult result, List<LoadTimeline.Sample> timeline) {
    this.circumstances = circumstances;
    this.result = result;
    this.timeline = timeline;
  }

  String html() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Parley load</title>
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; color: #101828 }
        body { max-width: 780px; margin: 2em auto; padding: 0 1em }
        svg { max-width: 100%; height: auto; display: block; margin: 1em 0 }
        table { border-collapse: collapse }
        td { padding: .15em 1.2em .15em 0; text-align: left; vertical-align: top }
        td + td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere } code { overflow-wrap: anywhere }
        </style></head><body>
        """);
    page.append("<h1>Load: ").append(result.passed() ? "passed" : "FAILED").append("</h1>\n");
    page.append("<table>\n");
    row(page, "command", circumstances.command());
    row(page, "started", circumstances.startedAt().toString());
    row(page, "clients' machine", circumstances.machine());
    row(page, "commit", circumstances.commit());
    page.append("</table>\n");
    result
        .faults()
        .forEach(fault -> page.append("<p>Fault: ").append(Svg.escaped(fault)).append("</p>\n"));
    page.append(percentiles("Delay of forwarded packets, ms", result.figures().latencyUs()));
    page.append(
        percentiles("Time between packets of a stream that is sent, ms", result.figures().gapUs()));
    page.append(packets());
    page.append(losses());
    page.append(processors());
    page.append("<h2>All figures</h2>\n<table>\n");
    rows(page, "", result.json());
    return page.append("</table>\n</body></html>\n").toString();
  }

  /** Over the logarithm of what is beyond the percentile, as HdrHistogram's own plots. */
  private static String percentiles(String title, Histogram us) {
    if (us.getTotalCount() == 0) {
      return "";
    }
    List<LinePlot.Tick> ticks = new ArrayList<>();
    for (double percentile : new double[] {0, 50, 90, 99, 99.9, 99.99, 99.999}) {
      if (us.getTotalCount() * (1 - percentile / PERCENT) >= 1) {
        ticks.add(new LinePlot.Tick(nines(percentile), plain(percentile) + " %"));
      }
    }
    List<LinePlot.Point> points = new ArrayList<>();
    double farthest = nines(PERCENT * (1 - 1.0 / us.getTotalCount()));
    for (HistogramIterationValue value : us.percentiles(PERCENTILE_STEPS)) {
      double x = Math.min(farthest, nines(value.getPercentileLevelIteratedTo()));
      points.add(new LinePlot.Point(x, value.getValueIteratedTo() / 1_000.0));
    }
    LinePlot plot = new LinePlot(title, ticks);
    plot.add(new LinePlot.Series("up to this many percent", points));
    return plot.svg();
  }

  private static double nines(double percentile) {
    return -Math.log10(Math.max(1e-9, 1 - percentile / PERCENT));
  }

  private static String plain(double percentile) {
    return percentile == Math.rint(percentile)
        ? Long.toString(Math.round(percentile))
        : Double.toString(percentile);
  }

  private String packets() {
    LinePlot plot = overTime("Packets a second, all clients");
    plot.add(series("sent", sample -> perSecond(sample, sample.packets().sent())));
    plot.add(series("received", sample -> perSecond(sample, sample.packets().received())));
    return plot.svg();
  }

  private String losses() {
    LinePlot plot = overTime("Lost packets a second, all clients");
    plot.add(series("by the server", sample -> perSecond(sample, sample.packets().lost())));
    if (timeline.stream().map(LoadTimeline.Sample::packets).anyMatch(LoadReport::isImpaired)) {
      plot.add(series("on purpose", sample -> perSecond(sample, sample.packets().injectedLost())));
    }
    return plot.svg();
  }

  private static boolean isImpaired(PacketCounts packets) {
    return packets.injectedLost() > 0;
  }

  private String processors() {
    Set<String> servers = new LinkedHashSet<>();
    timeline.forEach(sample -> servers.addAll(sample.processors().keySet()));
    if (servers.isEmpty()) {
      return "<p>No server's processor time was watched; --pid does.</p>\n";
    }
    LinePlot plot = overTime("Processor time, % of one processor");
    for (String server : servers) {
      plot.add(series(server, sample -> PERCENT * sample.processors().getOrDefault(server, 0.0)));
    }
    return plot.svg();
  }

  private LinePlot overTime(String title) {
    double end = timeline.isEmpty() ? 1 : timeline.getLast().atSeconds();
    return new LinePlot(title + ", over seconds since all had joined", LinePlot.evenTicks(end));
  }

  private LinePlot.Series series(String name, ToDoubleFunction<LoadTimeline.Sample> value) {
    return new LinePlot.Series(
        name,
        timeline.stream()
            .map(sample -> new LinePlot.Point(sample.atSeconds(), value.applyAsDouble(sample)))
            .toList());
  }

  private static double perSecond(LoadTimeline.Sample sample, long count) {
    return count / sample.seconds();
  }

  private static void rows(StringBuilder page, String before, JsonNode figures) {
    figures
        .properties()
        .forEach(figure -> {
          if (figure.getValue().isObject()) {
            rows(page, before + figure.getKey() + ' ', figure.getValue());
          } else {
            row(
                page,
                before + figure.getKey(),
                figure.getValue().asText(figure.getValue().toString()));
          }
        });
  }

  private static void row(StringBuilder page, String name, String value) {
    page.append("<tr><td>")
        .append(Svg.escaped(name))
        .append("</td><td>")
        .append(Svg.escaped(value))
        .append("</td></tr>\n");
  }
}
