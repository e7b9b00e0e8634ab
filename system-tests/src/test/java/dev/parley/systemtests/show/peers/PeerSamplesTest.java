package dev.parley.systemtests.show.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.benchmarks.LoadResult;
import dev.parley.benchmarks.client.ClientFigures;
import dev.parley.benchmarks.client.ClientState;
import dev.parley.benchmarks.client.FigureSum;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class PeerSamplesTest {
  private final PeerSamples mix = new PeerSamples(new PeerWork(PeerWork.Kind.MIX, 10, 2));
  private final PeerSamples forward = new PeerSamples(new PeerWork(PeerWork.Kind.FORWARD, 10, 2));

  @Test
  void medianOfTheRoundsCounts() {
    mix.add(result(3, 0, 500));
    mix.add(result(90, 0, 100));
    mix.add(result(2, 0, 490));

    assertThat(mix.cost()).isEqualTo(6);
    assertThat(mix.perPersonPerSecond()).isEqualTo(49);
    assertThat(mix.words())
        .isEqualTo("6.0 ms a participant-second (6.0, 180.0, 4.0); 49.0 packets/s each");
  }

  @Test
  void forwardingIsCountedByThePacket() {
    forward.add(result(3, 20, 500));
    forward.add(result(3, 30, 500));

    assertThat(forward.cost()).isEqualTo(50);
  }

  @Test
  void nothingMeasuredIsNotANumber() {
    assertThat(mix.cost()).isNaN();
  }

  /** Two processes that use the same each: both count. */
  private static LoadResult result(double ms, double us, double receivedPerSecond) {
    ClientFigures figures = new FigureSum().figures(ClientState.CONNECTED, "", 0, 0);
    LoadResult.Processor used = new LoadResult.Processor(ms, us);
    return new LoadResult(
        10,
        Duration.ofSeconds(1),
        figures,
        0,
        new Histogram(3),
        new Histogram(3),
        receivedPerSecond,
        0,
        Map.of(),
        Map.of(),
        Map.of("one", used, "other", used),
        List.of());
  }
}
