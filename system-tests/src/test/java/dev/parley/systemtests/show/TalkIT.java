package dev.parley.systemtests.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Browsers at the page hear each other through both services: {@code ./parley show talk --quick},
 * with all of its limits.
 */
class TalkIT {
  @TempDir Path folder;

  @Test
  void peopleHearEachOtherAndNeverThemselves() throws Exception {
    JavaProgram.Ended show =
        new JavaProgram(Show.class, folder)
            .run(List.of("talk", "--quick", "--json"), Duration.ofMinutes(3));

    assertThat(show.status()).as("it said:%n%s", show.said()).isZero();
    assertThat(show.said()).contains("both mixed: mouth to ear", "firefox: packets lost");
  }
}
