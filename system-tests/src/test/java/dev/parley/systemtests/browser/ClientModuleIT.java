package dev.parley.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClientModuleIT {
  private static final Path FOLDER = Path.of("browser").toAbsolutePath();

  @BeforeAll
  static void nodeModulesAreInstalled() {
    assertThat(FOLDER.resolve("node_modules"))
        .as(
            "./parley test installs the browser driver; by hand: npm ci --prefix system-tests/browser")
        .isDirectory();
  }

  @Test
  void typesOfTheClientAndThePageAreSound() throws Exception {
    Run run = run("node_modules/.bin/tsc", "-p", ".");

    assertThat(run.output()).isEmpty();
    assertThat(run.status()).isZero();
  }

  @Test
  void clientModulesPassTheirOwnTests() throws Exception {
    Run run = run("node", "--test", "test/");

    assertThat(run.status()).as(run.output()).isZero();
    assertThat(run.output()).containsPattern("# pass [1-9]");
  }

  private record Run(int status, String output) {}

  private static Run run(String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("client-module", ".log");
    try {
      Process process =
          new ProcessBuilder(List.of(command))
              .directory(FOLDER.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(60, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      return new Run(
          ended ? process.exitValue() : -1, Files.readString(output, StandardCharsets.UTF_8));
    } finally {
      Files.delete(output);
    }
  }
}
