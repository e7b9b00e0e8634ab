package dev.parley.systemtests.show.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.systemtests.show.JavaProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The load client speaks to Debian's Janus: it offers to an AudioBridge and answers a mountpoint's
 * offer, and every packet that is due arrives.
 */
class JanusIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path folder;

  @Test
  void threeHearAMixAndThreeHearATalker() throws Exception {
    JavaProgram.Ended meeting =
        new JavaProgram(JanusMeeting.class, folder)
            .run(List.of(ROOT.toString()), Duration.ofMinutes(1));

    assertThat(meeting.status()).as("it said:%n%s", meeting.said()).isZero();
    assertThat(meeting.said()).contains("MIX: received 1", "FORWARD: received 1");
  }
}
