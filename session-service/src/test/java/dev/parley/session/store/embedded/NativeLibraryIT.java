package dev.parley.session.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.parley.session.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder for temporary files from which nothing may run: a file system mounted so. */
final class NativeLibraryIT {
  @TempDir Path folder;

  @Test
  void aLibraryThatMayNotRunSaysWhatToChangeAndIsLoadedOnceItMay() throws Exception {
    assumeThat(System.getProperty("user.name")).as("may mount").isEqualTo("root");
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o noexec none \"$0\" && exec \"$@\"",
                temporary.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Opening.class.getName(),
                folder.resolve("facts").toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();

    assertThat(process.waitFor()).as(() -> read(out)).isZero();
    assertThat(read(out))
        .contains("-Djava.io.tmpdir must name a folder", "names " + temporary + "\n", "opened\n")
        .contains("left: 0\n");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Opens a store, is refused, mounts the folder again so that programs may run, opens it. */
  static final class Opening {
    private Opening() {}

    public static void main(String[] arguments) throws Exception {
      Path store = Path.of(arguments[0]);
      Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
      try {
        EmbeddedStore.open(store).close();
      } catch (StoreUnavailableException e) {
        System.out.println(e.getMessage());
      }
      new ProcessBuilder("mount", "-o", "remount,exec", temporary.toString())
          .inheritIO()
          .start()
          .waitFor();
      EmbeddedStore.open(store).close();
      System.out.println("opened");
      try (Stream<Path> files = Files.list(temporary)) {
        System.out.println("left: " + files.count());
      }
    }
  }
}
