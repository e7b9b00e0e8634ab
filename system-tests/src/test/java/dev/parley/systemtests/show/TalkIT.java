package dev.parley.systemtests.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Browsers at the page hear each other through both services: {@code ./parley show talk --quick},
 * with all of its limits.
 */
class TalkIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int TIMEOUT_SECONDS = 180;

  @TempDir Path folder;

  @Test
  void peopleHearEachOtherAndNeverThemselves() throws Exception {
    Path figures = folder.resolve("figures.json");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--"))
        .forEach(command::add);
    command.add("-Dparley.root=" + ROOT);
    command.addAll(List.of("-cp", classPath(), Show.class.getName(), "talk", "--quick", "--json"));
    Process show =
        new ProcessBuilder(command)
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectOutput(figures.toFile())
            .redirectErrorStream(true)
            .start();

    boolean hasEnded = show.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    show.descendants().forEach(ProcessHandle::destroy);
    show.destroy();

    String said = Files.readString(figures);
    assertThat(hasEnded).as("ended in time; it said:%n%s", said).isTrue();
    assertThat(show.exitValue()).as("it said:%n%s", said).isZero();
    assertThat(said).contains("both mixed: mouth to ear", "firefox: packets lost");
  }

  /** What Surefire hides behind a jar of its own. */
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
