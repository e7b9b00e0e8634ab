package dev.parley.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientModuleIT {
  private static final Path FOLDER = Path.of("browser").toAbsolutePath();
  private static final Path CLIENT =
      Path.of("../session-service/src/main/resources/web/client").toAbsolutePath().normalize();

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

  @Test
  void declarationsAreThoseOfTheSources(@TempDir Path made) throws Exception {
    Run run =
        run("node_modules/.bin/tsc", "-p", "tsconfig.types.json", "--outDir", made.toString());
    assertThat(run.status()).as(run.output()).isZero();

    Map<String, String> wanted = texts(made);
    assertThat(texts(CLIENT.resolve("types")))
        .as("npx tsc -p tsconfig.types.json in system-tests/browser makes them anew")
        .isEqualTo(wanted);
    assertThat(wanted).containsKey("parley-client.d.ts");
  }

  @Test
  void packageServesAProgramInTypeScript(@TempDir Path folder) throws Exception {
    Path installed = Files.createDirectories(folder.resolve("node_modules/parley-client"));
    assertSuccess("npm", "pack", CLIENT.toString(), "--pack-destination", folder.toString());
    try (Stream<Path> files = Files.list(folder)) {
      Path archive = files.filter(file -> file.toString().endsWith(".tgz")).findAny().orElseThrow();
      String into = installed.toString();
      assertSuccess("tar", "-xzf", archive.toString(), "-C", into, "--strip-components=1");
    }
    for (String file : List.of("consumer.ts", "tsconfig.json")) {
      Files.copy(FOLDER.resolve("consumer").resolve(file), folder.resolve(file));
    }

    assertSuccess("node_modules/.bin/tsc", "-p", folder.toString());
  }

  private static void assertSuccess(String... command) throws Exception {
    Run run = run(command);
    assertThat(run.status()).as(run.output()).isZero();
  }

  private static Map<String, String> texts(Path folder) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return texts;
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
