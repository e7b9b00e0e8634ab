package dev.parley.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class AcceptedRunTest {
  @TempDir Path root;

  @Test
  void saysWhatOneMustKnowToBelieveIt() throws IOException {
    AcceptedRun run = AcceptedRun.begin(root, "srtp", List.of("-p", "payloadLength=80"));
    Path file = run.write(List.of());

    JsonNode written = new ObjectMapper().readTree(file.toFile());
    assertThat(file).hasParent(root.resolve("benchmarks/results"));
    assertThat(file.getFileName().toString()).matches("\\d{4}-\\d\\d-\\d\\d-srtp\\.json");
    assertThat(written.at("/jmhArguments").asText()).isEqualTo("-p payloadLength=80");
    assertThat(written.at("/commit").asText()).isEqualTo("unknown");
    assertThat(written.at("/machine/processors").asInt()).isPositive();
    assertThat(written.at("/load/processorsBusyBefore").isNumber()).isTrue();
    assertThat(written.at("/load/processorsBusyDuring").isNumber()).isTrue();
    assertThat(written.at("/results").isArray()).isTrue();
  }

  @Test
  void tellsJvmAndFlagsButNoPathOfTheMachine() throws IOException, RunnerException {
    AcceptedRun run = AcceptedRun.begin(root, "demux", List.of());
    Options options =
        new OptionsBuilder()
            .include("DemuxBenchmark")
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(1))
            .verbosity(VerboseMode.SILENT)
            .build();
    Path file = run.write(new Runner(options).run());

    JsonNode result = new ObjectMapper().readTree(file.toFile()).at("/results/0");
    assertThat(result.path("jdkVersion").asText()).startsWith("25");
    assertThat(result.at("/primaryMetric/scoreUnit").asText()).isEqualTo("ns/op");
    assertThat(result.has("jvm")).isFalse();
    assertThat(result.path("jvmArgs").isArray()).isTrue();
  }
}
