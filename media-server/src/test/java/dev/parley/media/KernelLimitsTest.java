package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelLimitsTest {
  @TempDir Path sysctl;

  @Test
  void lowLimitIsNamedWithTheCommandThatRaisesIt() throws IOException {
    Files.writeString(sysctl.resolve("rmem_max"), "212992\n");
    Files.writeString(sysctl.resolve("wmem_max"), "4194304\n");

    assertThat(KernelLimits.tooLow(sysctl))
        .singleElement()
        .asString()
        .contains("212992 bytes")
        .endsWith("sysctl -w net.core.rmem_max=4194304");
  }

  @Test
  void nothingIsAdvisedWhereNothingIsKnown() {
    assertThat(KernelLimits.tooLow(sysctl)).isEmpty();
  }
}
