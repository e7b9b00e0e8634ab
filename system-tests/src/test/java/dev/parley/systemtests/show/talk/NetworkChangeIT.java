package dev.parley.systemtests.show.talk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.systemtests.show.JavaProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A browser whose way to the media server is gone goes on by another, as who it was. */
class NetworkChangeIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path folder;

  @Test
  void callGoesOnAfterTheNetworkHasChanged() throws Exception {
    JavaProgram.Ended call =
        new JavaProgram(CallOverNetworkChange.class, folder)
            .run(List.of(ROOT.toString()), Duration.ofMinutes(3));

    assertThat(call.status()).as("it said:%n%s", call.said()).isZero();
    assertThat(call.said()).contains("from the break until Alice hears Bob");
  }
}
