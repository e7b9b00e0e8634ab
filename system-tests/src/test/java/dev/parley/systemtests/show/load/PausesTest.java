package dev.parley.systemtests.show.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.systemtests.show.load.Pauses.Standstill;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PausesTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

  @TempDir Path folder;

  @Test
  void collectionsOfThisMachineAreFoundInItsRecording() throws Exception {
    Path file = folder.resolve("test.jfr");
    try (Recording recording = new Recording()) {
      for (String event :
          List.of(Pauses.COLLECTION, Pauses.COLLECTOR_PAUSE, Pauses.BEGIN, Pauses.END)) {
        recording.enable(event).withThreshold(Duration.ZERO);
      }
      recording.start();
      System.gc();
      recording.stop();
      recording.dump(file);
    }

    Pauses pauses = Pauses.of(file);

    assertThat(pauses.collections()).isPositive();
    assertThat(pauses.longestCollectorPauseMs()).isPositive();
    assertThat(pauses.longestToStandstillMs()).isPositive();
    assertThat(pauses.collectorStopped(Instant.EPOCH, Instant.now(), Duration.ZERO)).isTrue();
  }

  @Test
  void aStandstillCountsOnlyInItsTimeAndIfLongAndTheCollectors() {
    Instant end = NOW.plusMillis(3);
    Duration reached = Duration.ofMillis(1);
    Pauses collectors = new Pauses(1, List.of(), List.of(new Standstill(NOW, reached, end, true)));
    Pauses others = new Pauses(0, List.of(), List.of(new Standstill(NOW, reached, end, false)));
    Duration limit = Duration.ofMillis(2);
    Instant before = NOW.minusSeconds(1);
    Instant after = NOW.plusSeconds(1);

    assertThat(collectors.collectorStopped(before, after, limit)).isTrue();
    assertThat(collectors.collectorStopped(NOW.plusMillis(2), after, limit)).isTrue();
    assertThat(collectors.collectorStopped(end, after, limit)).isFalse();
    assertThat(collectors.collectorStopped(before, after, Duration.ofMillis(3))).isFalse();
    assertThat(others.collectorStopped(before, after, limit)).isFalse();
    assertThat(others.longestOtherMs()).isEqualTo(3);
    assertThat(others.longestCollectorPauseMs()).isNaN();
  }
}
