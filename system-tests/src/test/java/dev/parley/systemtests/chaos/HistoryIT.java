package dev.parley.systemtests.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.systemtests.history.Entry.Operation;
import dev.parley.systemtests.history.History;
import dev.parley.systemtests.history.HistoryChecker;
import dev.parley.systemtests.history.Outcome;
import dev.parley.systemtests.history.Violation;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Some of the seeds of {@code ./parley show history}, and a bug that they must find. */
@Timeout(300)
class HistoryIT {
  @TempDir private static Path folder;

  private static Cluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new Cluster(folder);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void whateverBreaksWhatMustBeTrueIs(long seed) throws Exception {
    History history = new SeededRun(cluster, seed, SeededRun.Conditions.ALL).run();

    assertThat(HistoryChecker.judge(history))
        .as(() ->
            "seed "
                + seed
                + HistoryChecker.judge(history).stream()
                    .map(violation -> "\n" + violation.print(history))
                    .collect(Collectors.joining()))
        .isEmpty();
    assertThat(history.entries())
        .as("it is of more than failures")
        .anyMatch(entry -> entry instanceof Operation asked && asked.outcome() == Outcome.OK);
  }

  @Test
  void aStoreThatIgnoresTheEpochOfAnAllocationIsFoundOut() throws Exception {
    Violation split = PlantedBug.find(cluster, 1);

    assertThat(split).isNotNull();
    assertThat(split.evidence()).hasSize(2);
  }
}
