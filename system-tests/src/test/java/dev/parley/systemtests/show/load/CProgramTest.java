package dev.parley.systemtests.show.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CProgramTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path folder;

  @Test
  void aProgramIsCompiledOnceAndTellsWhatItWasAsked() throws Exception {
    source(
        "#include <stdio.h>\nint main(int count, char **words) { return puts(words[count - 1]) < 0; }");
    CProgram program = CProgram.compile(folder, "asked", folder);

    assertThat(program.run(10, 3, 4)).isEqualTo("4\n");
    source("no C");
    assertThat(CProgram.compile(folder, "asked", folder).run(10, 5)).isEqualTo("5\n");
  }

  @Test
  void whatFailsSaysWhy() throws Exception {
    source("int main(void) { return 3 }");

    assertThatThrownBy(() -> CProgram.compile(folder, "asked", folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("gcc")
        .hasMessageContaining("error");
    source("int main(void) { return 3; }");
    CProgram fails = CProgram.compile(folder, "asked", folder);
    assertThatThrownBy(() -> fails.run(10)).hasMessageContaining("failed");
  }

  /** It watches at the highest priority, or says that it may not; either way it ends. */
  @Test
  void theWatchForStallsCompilesAndEndsWithItsInput() throws Exception {
    Process watch = CProgram.compile(ROOT, "stalls", folder).start(folder.resolve("told"));

    watch.getOutputStream().close();

    assertThat(watch.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private void source(String text) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("benchmarks/floor"));
    Files.writeString(sources.resolve("asked.c"), text);
  }
}
