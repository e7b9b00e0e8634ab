package dev.parley.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsReaderTest {
  private enum Level {
    LOW,
    VERY_HIGH
  }

  private static final Setting<Integer> PORT =
      Setting.of("udp.port-base", "First port.", SettingType.port(), "20000");
  private static final Setting<Duration> TIMEOUT =
      Setting.of(
          "join-timeout",
          "How long.",
          SettingType.duration(Duration.ofMillis(100), Duration.ofMinutes(2)),
          "15s");
  private static final Setting<Level> LEVEL =
      Setting.of("level", "How much.", SettingType.choice(Level.class), "low");
  private static final Setting<List<InetAddress>> ADDRESSES =
      Setting.of("bind", "Where.", SettingType.listOf(SettingType.address(), 4), "");
  private static final Setting<String> KEY = Setting.secret("api-key", "The key.", "");
  private static final Setting<Long> LENGTH =
      Setting.of("spool", "How much disk.", SettingType.bytes(1024, 1L << 40), "64KiB");
  private static final List<Setting<?>> ALL = List.of(PORT, TIMEOUT, LEVEL, ADDRESSES, KEY, LENGTH);

  @TempDir Path directory;

  private static Settings read(List<String> arguments, Map<String, String> environment) {
    return new SettingsReader(ALL).read(arguments, environment);
  }

  private static List<String> errorsOf(List<String> arguments, Map<String, String> environment) {
    return catchThrowableOfType(SettingsException.class, () -> read(arguments, environment))
        .errors();
  }

  @Test
  void defaultsHoldWhenNothingIsSet() throws IOException {
    Settings settings = read(List.of(), Map.of());

    assertThat(settings.value(PORT)).isEqualTo(20000);
    assertThat(settings.value(TIMEOUT)).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.value(ADDRESSES)).isEmpty();
    assertThat(settings.value(LENGTH)).isEqualTo(65536);
    assertThat(settings.source(PORT)).isEqualTo(SettingSource.DEFAULT);
    assertThat(settings.describeChanged()).isEmpty();
  }

  @Test
  void commandLineBeatsEnvironmentBeatsFileBeatsDefault() throws IOException {
    Path file = directory.resolve("parley.properties");
    Files.writeString(file, "udp.port-base=1\njoin-timeout=1s\nlevel=very-high\n");

    Settings settings =
        read(
            List.of("--config=" + file, "--udp.port-base=3"),
            Map.of("PARLEY_UDP_PORT_BASE", "2", "PARLEY_JOIN_TIMEOUT", "2s"));

    assertThat(settings.value(PORT)).isEqualTo(3);
    assertThat(settings.source(PORT)).isEqualTo(SettingSource.COMMAND_LINE);
    assertThat(settings.value(TIMEOUT)).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.source(TIMEOUT)).isEqualTo(SettingSource.ENVIRONMENT);
    assertThat(settings.value(LEVEL)).isEqualTo(Level.VERY_HIGH);
    assertThat(settings.source(LEVEL)).isEqualTo(SettingSource.FILE);
    assertThat(settings.source(LENGTH)).isEqualTo(SettingSource.DEFAULT);
  }

  @Test
  void everyMistakeIsToldAtOnceWithValueAndRange() {
    List<String> errors =
        errorsOf(
            List.of("--udp.port-base=70000", "--levle=low", "--join-timeout=5", "oops"),
            Map.of("PARLEY_BIND", "example.org", "PARLEY_SPOOL", "much"));

    assertThat(errors)
        .containsExactlyInAnyOrder(
            "an argument: write settings as --name=value; --help lists them",
            "--levle: there is no such setting; did you mean level?",
            "udp.port-base=70000 (command line --udp.port-base) is out of range; expects 0 (any"
                + " free one) to 65535",
            "join-timeout=5 (command line --join-timeout) has no known unit; expects 100ms to 2m,"
                + " with the unit ms, s, m or h",
            "bind=example.org (environment PARLEY_BIND) is no address in digits; expects up to 4,"
                + " parted by commas, each an IPv4 or IPv6 address in digits",
            "spool=much (environment PARLEY_SPOOL) is no number of bytes; expects 1024 to"
                + " 1099511627776 bytes, or with the unit KiB, MiB or GiB");
  }

  @Test
  void unknownNameInFileIsAMistake() throws IOException {
    Path file = directory.resolve("parley.properties");
    Files.writeString(file, "join-timout=1s\n");

    assertThat(errorsOf(List.of(), Map.of("PARLEY_CONFIG", file.toString())))
        .containsExactly(
            "join-timout in file "
                + file
                + ": there is no such setting; did you mean join-timeout?");
  }

  @Test
  void missingFileIsAMistake() {
    assertThat(errorsOf(List.of("--config=" + directory.resolve("none")), Map.of()))
        .singleElement()
        .asString()
        .contains("cannot be read");
  }

  @Test
  void givenTwiceIsAMistake() {
    assertThat(errorsOf(List.of("--level=low", "--level=low"), Map.of()))
        .containsExactly("--level: given twice");
  }

  @Test
  void requiredSettingMustBeSet() {
    Setting<URI> url = Setting.required("control-url", "Where.", SettingType.uri("ws", "wss"));

    assertThatThrownBy(() -> new SettingsReader(List.of(url)).read(List.of(), Map.of()))
        .hasMessageContaining("control-url: must be set")
        .hasMessageContaining("PARLEY_CONTROL_URL")
        .hasMessageContaining("ws or wss");
  }

  @Test
  void secretIsNeverPrinted() throws IOException {
    Path file = directory.resolve("key");
    Files.writeString(file, "hunter2\n");

    Settings settings = read(List.of("--api-key=@" + file), Map.of());

    assertThat(settings.value(KEY)).isEqualTo("hunter2");
    assertThat(settings.describeChanged()).containsExactly("api-key=(set) (command line)");
    assertThat(errorsOf(List.of("--api-key=@/none/hunter2"), Map.of()))
        .singleElement()
        .asString()
        .contains("api-key (command line")
        .doesNotContain("hunter2");
  }

  @Test
  void helpListsEverySettingEvenOnABrokenCommandLine() {
    SettingsReader reader = new SettingsReader(ALL);

    reader.read(List.of("--nonsense", "--help"), Map.of());

    assertThat(reader.isHelpWanted()).isTrue();
    String help = SettingsTable.of("media-server [--name=value …]", ALL);
    for (Setting<?> setting : ALL) {
      assertThat(help)
          .contains("--" + setting.name())
          .contains(setting.description())
          .contains(setting.type().range());
    }
    assertThat(help).contains("Default: 20000").contains("Default: empty");
  }

  @Test
  void defaultOutsideItsRangeFailsWhereItIsDeclared() {
    SettingType<Integer> type = SettingType.integer(1, 8, "loops");

    assertThatThrownBy(() -> Setting.of("loops", "Loops.", type, "9"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @FuzzTest
  void anyTextIsAValueOrAMistakeThatNamesIt(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    for (Setting<?> setting : ALL) {
      try {
        read(List.of("--" + setting.name() + "=" + text), Map.of());
      } catch (SettingsException expected) {
        assertThat(expected).hasMessageContaining(setting.name());
      }
    }
  }
}
