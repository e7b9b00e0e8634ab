package dev.parley.systemtests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.config.Setting;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of limits says what the code has, and names tests that are there. */
final class LimitsTableTest {
  private static final Path ROOT = Path.of("..");
  private static final List<String> MODULES =
      List.of("common", "media-server", "session-service", "system-tests");
  private static final List<String> SETTINGS =
      List.of("dev.parley.session.SessionSettings", "dev.parley.media.MediaSettings");

  private static final Pattern ROW =
      Pattern.compile("\\| ([^|`]+) \\| ([^|]+) \\| `([^`]+)` \\| ([^|]+) \\| `([^`]+)` \\|");
  private static final Pattern VALUE =
      Pattern.compile("([0-9,]+)(?: (KiB|h|s|characters))?(?: in ([0-9]+) s)?");
  private static final Pattern CODE = Pattern.compile("[0-9]{3} `([a-z-]+)`");
  private static final Map<String, Integer> FACTORS =
      Map.of("KiB", 1 << 10, "h", 3_600, "s", 1, "characters", 1);

  /** One row. */
  record Row(String what, String most, String setBy, String beyond, String test) {}

  static List<Row> rows() throws IOException {
    List<String> lines = Files.readAllLines(ROOT.resolve("docs/limits.md"));
    List<Row> rows =
        lines.stream()
            .map(ROW::matcher)
            .filter(Matcher::matches)
            .map(m -> new Row(m.group(1), m.group(2), m.group(3), m.group(4), m.group(5)))
            .toList();
    long written = lines.stream().filter(line -> line.startsWith("| ")).count();
    long heads = lines.stream().filter(line -> line.startsWith("| what ")).count();
    assertThat(rows).as("rows that can be read").hasSize((int) (written - 2 * heads));
    assertThat(rows).hasSizeGreaterThan(30);
    return rows;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void valueIsThatOfTheCode(Row row) throws Exception {
    Matcher value = VALUE.matcher(row.most());
    assertThat(value.matches()).as(row.most()).isTrue();
    long said =
        Long.parseLong(value.group(1).replace(",", ""))
            * (value.group(2) == null ? 1 : FACTORS.getOrDefault(value.group(2), 1));

    Object there = row.setBy().startsWith("--") ? setting(row.setBy()) : constant(row.setBy());

    switch (there) {
      case Number number -> assertThat(number.longValue()).isEqualTo(said);
      case Duration duration -> assertThat(duration.toSeconds()).isEqualTo(said);
      default -> {
        // A quota.
        assertThat(part(there, "limit")).isEqualTo((int) said);
        assertThat(part(there, "window"))
            .isEqualTo(Duration.ofSeconds(Long.parseLong(value.group(3))));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void testIsThereAndKnowsTheProblem(Row row) throws IOException {
    String test = Files.readString(source("test", row.test()));
    Matcher code = CODE.matcher(row.beyond());
    while (code.find()) {
      if (row.test().endsWith("IT")) {
        assertThat(test).as(row.what()).contains('"' + code.group(1) + '"');
      }
    }
  }

  private static Object constant(String name) throws Exception {
    String[] parts = name.split("\\.", -1);
    Path file = source("main", parts[0]);
    String path = file.toString().replace('\\', '/');
    String type =
        path.substring(path.indexOf("/java/") + "/java/".length(), path.length() - ".java".length())
            .replace('/', '.');
    Field field = Class.forName(type).getDeclaredField(parts[1]);
    field.setAccessible(true);
    return field.get(null);
  }

  private static Object setting(String option) throws Exception {
    for (String type : SETTINGS) {
      for (Field field : Class.forName(type).getDeclaredFields()) {
        field.setAccessible(true);
        if (field.getType() == Setting.class
            && field.get(null) instanceof Setting<?> setting
            && setting.name().equals(option.substring(2))) {
          Field otherwise = Setting.class.getDeclaredField("defaultText");
          otherwise.setAccessible(true);
          return Long.valueOf((String) otherwise.get(setting));
        }
      }
    }
    throw new AssertionError("no setting " + option);
  }

  private static Object part(Object record, String name) throws Exception {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      if (component.getName().equals(name)) {
        component.getAccessor().setAccessible(true);
        return component.getAccessor().invoke(record);
      }
    }
    throw new AssertionError(record + " has no " + name);
  }

  private static Path source(String kind, String type) throws IOException {
    for (String module : MODULES) {
      Path sources = ROOT.resolve(module).resolve("src/" + kind + "/java");
      if (Files.isDirectory(sources)) {
        try (Stream<Path> files = Files.walk(sources)) {
          List<Path> found = files.filter(file -> file.endsWith(type + ".java")).toList();
          assertThat(found.size()).as("%s in %s", type, module).isLessThan(2);
          if (!found.isEmpty()) {
            return found.getFirst();
          }
        }
      }
    }
    throw new AssertionError("no class " + type);
  }
}
