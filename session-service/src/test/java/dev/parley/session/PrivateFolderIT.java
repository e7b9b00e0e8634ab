package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.harness.RunningService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may read what a service leaves on disk. */
final class PrivateFolderIT {
  @TempDir Path temporary;

  @Test
  void storeAndFirstKeyAreTheirOwnersAlone() throws IOException {
    Path folder = temporary.resolve("new/session");

    try (RunningService service = new RunningService(folder)) {
      service.conference("{}");
    }

    assertThat(permissions(folder)).isEqualTo("rwx------");
    assertThat(permissions(folder.resolve("facts.mv"))).isEqualTo("rw-------");
    assertThat(permissions(folder.resolve("server-key"))).isEqualTo("rw-------");
    try (var files = Files.list(folder)) {
      assertThat(files).as("nothing else lies there").hasSize(2);
    }
  }

  @Test
  void filesInAFolderOpenToAllAreTheirOwnersAloneToo() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("open"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));

    new RunningService(folder).close();

    assertThat(permissions(folder)).isEqualTo("rwxr-xr-x");
    assertThat(permissions(folder.resolve("facts.mv"))).isEqualTo("rw-------");
    assertThat(permissions(folder.resolve("server-key"))).isEqualTo("rw-------");
  }

  @Test
  void aFileThatIsThereStaysAsItIs() throws IOException {
    PrivateFolder folder = PrivateFolder.at(temporary);
    Path file = Files.writeString(temporary.resolve("facts.mv"), "facts");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    folder.file("facts.mv");

    assertThat(file).hasContent("facts");
    assertThat(permissions(file)).isEqualTo("rw-r-----");
    assertThat(permissions(folder.newFile("facts.mv"))).isEqualTo("rw-------");
    assertThat(file).isEmptyFile();
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
