package dev.parley.systemtests.show.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.parley.systemtests.show.Report;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A slice of {@code ./parley show recording}. */
@Timeout(180)
final class ShowRecordingIT {
  /** How soon recordings are available is measured where nothing else runs. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void whatWasSaidIsFetchedFromTheStoreThoughTheMediaServerIsKilled() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Report report = new Report("recording", null);
    CallRows.Plan plan = new CallRows.Plan(Duration.ofSeconds(5), PATIENCE);
    try (Studio studio = new Studio(folder);
        CallRows rows = new CallRows(report, studio, plan)) {
      rows.begin();
      rows.end();

      for (long seed = 3; seed <= 4; seed++) {
        KillRows.Kill kill = KillRows.kill(studio, seed);

        assertThat(kill.lostMs()).as("%s", kill).isLessThanOrEqualTo(1_000);
        assertThat(kill.isWhole()).as("%s", kill).isTrue();
        assertThat(kill.isTrue()).as("%s", kill).isTrue();
      }

      assumeThat(rows.wereTalkersInTime()).as("those who talk are in time").isTrue();
      report.print(new PrintStream(out, true, StandardCharsets.UTF_8));
      assertThat(report.holds()).as("%s", out.toString(StandardCharsets.UTF_8)).isTrue();
    }
  }
}
