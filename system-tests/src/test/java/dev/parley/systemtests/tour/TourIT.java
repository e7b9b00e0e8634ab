package dev.parley.systemtests.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short way through the API on two nodes; {@code ./parley show session} goes all of it. */
@Timeout(180)
final class TourIT {
  @TempDir private Path folder;

  @Test
  void everyStepFromTheKeyToTheEndOfTheCallIsAsDocumented() throws Exception {
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    Tour.Result result =
        new Tour(folder, new PrintStream(told, true, StandardCharsets.UTF_8)).shortened();

    assertThat(result.steps()).isGreaterThanOrEqualTo(60);
    assertThat(result.called()).isGreaterThanOrEqualTo(35);
    assertThat(told.toString(StandardCharsets.UTF_8))
        .contains("resumed after")
        .contains("of this conference, without a gap");
  }
}
