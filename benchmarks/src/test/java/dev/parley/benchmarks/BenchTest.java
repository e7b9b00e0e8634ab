package dev.parley.benchmarks;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream error = new ByteArrayOutputStream();

  @Test
  void helpListsTheNames() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("srtp", "ring", "path");
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
  @MethodSource("names")
  void eachNameStandsForBenchmarks(String name) {
    OutputFormat silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    BenchmarkGroup group = requireNonNull(BenchmarkGroup.find(name));

    assertThat(BenchmarkList.defaultList().find(silent, List.of(group.include()), List.of()))
        .isNotEmpty();
  }

  static List<String> names() {
    return BenchmarkGroup.ALL.stream().map(BenchmarkGroup::name).toList();
  }

  @Test
  void oneNameRuns() {
    assertThat(run("demux", "-f", "0", "-wi", "0", "-i", "1", "-r", "1ms", "-v", "SILENT"))
        .isZero();
  }

  private int run(String... arguments) {
    return Bench.run(
        arguments,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(error, true, StandardCharsets.UTF_8));
  }
}
