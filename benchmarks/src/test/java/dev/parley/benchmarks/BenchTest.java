package dev.parley.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream error = new ByteArrayOutputStream();

  @Test
  void helpListsTheNames() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("srtp", "ring", "demux");
  }

  @Test
  void unknownNameIsAWrongCommandLine() {
    assertThat(run("sctp")).isEqualTo(2);
    assertThat(error.toString(StandardCharsets.UTF_8)).contains("no benchmarks named sctp");
  }

  @Test
  void wrongJmhArgumentIsAWrongCommandLine() {
    assertThat(run("ring", "-f", "many")).isEqualTo(2);
  }

  /**
   * JMH ends with an error when nothing matches, so this shows that each name stands for
   * benchmarks.
   */
  @ParameterizedTest
  @ValueSource(strings = {"ring", "demux"})
  void eachNameRuns(String name) {
    assertThat(
            run(
                name,
                "-f",
                "0",
                "-wi",
                "0",
                "-i",
                "1",
                "-r",
                "1ms",
                "-v",
                "SILENT",
                "-p",
                "way=AGRONA_ONE_TO_ONE"))
        .isZero();
  }

  private int run(String... arguments) {
    return Bench.run(
        arguments,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(error, true, StandardCharsets.UTF_8));
  }
}
