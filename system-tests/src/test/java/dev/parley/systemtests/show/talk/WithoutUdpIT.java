package dev.parley.systemtests.show.talk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.systemtests.show.JavaProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two browsers whose network drops every datagram hear each other: by TCP to the media server, and
 * where that is shut too, by Debian's coturn.
 */
class WithoutUdpIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path folder;

  @Test
  void browsersHearEachOtherByTcpAndByTurn() throws Exception {
    JavaProgram.Ended call =
        new JavaProgram(CallWithoutUdp.class, folder)
            .run(List.of(ROOT.toString()), Duration.ofMinutes(3));

    assertThat(call.status()).as("it said:%n%s", call.said()).isZero();
    assertThat(call.said()).contains("by TCP: Alice hears Bob", "by TURN: Alice hears Bob");
  }
}
