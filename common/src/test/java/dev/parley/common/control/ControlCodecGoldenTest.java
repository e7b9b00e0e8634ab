package dev.parley.common.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The files are protocol version 1: whoever has to change one has changed the protocol. */
class ControlCodecGoldenTest {
  private final ControlCodec codec = new ControlCodec();
  private final ObjectMapper json = new ObjectMapper();

  static Stream<Arguments> samples() {
    return ControlSamples.all().entrySet().stream()
        .map(sample -> Arguments.of(sample.getKey(), sample.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void goldenFileIsReadAsTheSample(String name, ControlMessage sample) throws IOException {
    assertThat(decode(golden(name), sample)).isEqualTo(new Decoded.Message<>(sample));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void sampleIsWrittenAsTheGoldenFile(String name, ControlMessage sample) throws IOException {
    assertThat(json.readTree(codec.encode(sample))).isEqualTo(json.readTree(golden(name)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void fieldsOfANewerVersionAreIgnored(String name, ControlMessage sample) throws IOException {
    String newer = golden(name).replaceAll("\\{\"", "{\"addedInVersion2\":[{\"a\":1}],\"");

    assertThat(decode(newer, sample)).isEqualTo(new Decoded.Message<>(sample));
  }

  @Test
  void everyKindOfMessageHasAGoldenFile() throws IOException, URISyntaxException {
    Set<Class<?>> sampled = new java.util.HashSet<>();
    for (ControlMessage sample : ControlSamples.all().values()) {
      sampled.add(sample.getClass());
      switch (sample) {
        case Command command -> sampled.add(command.order().getClass());
        case CommandResult result -> sampled.add(result.outcome().getClass());
        case StateReport report -> sampled.add(report.event().getClass());
        case UploadRequest request -> {
          sampled.add(request.wish().getClass());
          if (request.wish() instanceof UploadRequest.Sign(List<UploadRequest.Step> steps)) {
            steps.forEach(step -> sampled.add(step.getClass()));
          }
        }
        case UploadAnswer answer -> sampled.add(answer.outcome().getClass());
        default -> {}
      }
    }
    assertThat(sampled).containsAll(leaves(ControlMessage.class));
    assertThat(sampled).containsAll(leaves(Order.class));
    assertThat(sampled).containsAll(leaves(CommandResult.Outcome.class));
    assertThat(sampled).containsAll(leaves(StateEvent.class));
    assertThat(sampled).containsAll(leaves(UploadRequest.Wish.class));
    assertThat(sampled).containsAll(leaves(UploadRequest.Step.class));
    assertThat(sampled).containsAll(leaves(UploadAnswer.Outcome.class));
    assertThat(goldenNames()).isEqualTo(new TreeSet<>(ControlSamples.all().keySet()));
  }

  private static List<Class<?>> leaves(Class<?> sealedType) {
    List<Class<?>> leaves = new ArrayList<>();
    for (Class<?> permitted : sealedType.getPermittedSubclasses()) {
      if (permitted.isSealed()) {
        leaves.addAll(leaves(permitted));
      } else {
        leaves.add(permitted);
      }
    }
    return leaves;
  }

  private Decoded<?> decode(String text, ControlMessage sample) {
    return switch (sample) {
      case MediaMessage ignored -> codec.decodeMedia(text);
      case SessionMessage ignored -> codec.decodeSession(text);
    };
  }

  private static Set<String> goldenNames() throws IOException, URISyntaxException {
    Path folder =
        Path.of(
            Objects.requireNonNull(ControlCodecGoldenTest.class.getResource("/control/v1"))
                .toURI());
    try (Stream<Path> files = Files.list(folder)) {
      Set<String> names = new TreeSet<>();
      files.forEach(file -> names.add(file.getFileName().toString().replace(".json", "")));
      return names;
    }
  }

  private static String golden(String name) throws IOException {
    try (InputStream file =
        ControlCodecGoldenTest.class.getResourceAsStream("/control/v1/" + name + ".json")) {
      return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
