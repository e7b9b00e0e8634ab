package dev.parley.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.benchmarks.client.ClientFigures;
import dev.parley.benchmarks.client.ClientState;
import dev.parley.benchmarks.client.FigureSum;
import dev.parley.benchmarks.client.PacketCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LoadReportTest {
  private static final LoadReport.Circumstances CIRCUMSTANCES =
      new LoadReport.Circumstances("./parley load --seed 1 <&>", Instant.EPOCH, "a machine", "abc");

  private final Histogram delayUs = new Histogram(3);

  @Test
  void showsEverythingAndNeedsNothingBesideIt() {
    for (int i = 1; i <= 10_000; i++) {
      delayUs.recordValue(i);
    }

    String page =
        report(
            new LoadTimeline.Sample(1, 1, new PacketCounts(50, 100, 0, 3), Map.of("media", 0.5)));

    assertThat(page)
        .contains("./parley load --seed 1 &lt;&amp;&gt;", "a machine", "abc")
        .contains("Processor time", "on purpose", "99.9 %", "delay999Us", "Fault: it rained");
    assertThat(page).doesNotContain("<script").doesNotContain("<link").doesNotContain(" src=");
    assertThat(page.split("<svg", -1)).hasSize(5);
  }

  @Test
  void aServerThatWasNotWatchedHasNoPlot() {
    assertThat(report(new LoadTimeline.Sample(1, 1, PacketCounts.NONE, Map.of())))
        .contains("No server's processor time was watched")
        .doesNotContain("on purpose");
  }

  private String report(LoadTimeline.Sample sample) {
    FigureSum sum = new FigureSum();
    ClientFigures figures = sum.figures(ClientState.CONNECTED, "", 0, 0);
    figures.latencyUs().add(delayUs);
    LoadResult result =
        new LoadResult(
            10,
            Duration.ofSeconds(1),
            figures,
            0,
            new Histogram(3),
            new Histogram(3),
            500,
            0,
            Map.of("media", new GcPauses(1, 0.001)),
            Map.of(),
            Map.of(),
            List.of("it rained"));
    return new LoadReport(CIRCUMSTANCES, result, List.of(sample)).html();
  }
}
