package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.parley.session.harness.RunningService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
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
    assertThat(permissions(folder.resolve("facts.rocksdb"))).isEqualTo("rwx------");
    assertThat(permissions(folder.resolve("server-key"))).isEqualTo("rw-------");
    try (var files = Files.list(folder)) {
      assertThat(files).as("nothing else lies there").hasSize(2);
    }
  }

  @Test
  void filesInAFolderOpenToAllAreTheirOwnersAloneToo() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("open"));
    open(folder, "rwxr-xr-x");

    new RunningService(folder).close();

    assertThat(permissions(folder)).isEqualTo("rwxr-xr-x");
    assertThat(permissions(folder.resolve("facts.rocksdb"))).isEqualTo("rwx------");
    assertThat(permissions(folder.resolve("server-key"))).isEqualTo("rw-------");
  }

  @Test
  void whatAnOlderVersionLeftOpenIsClosedAtTheNextStart() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("old"));
    new RunningService(folder).close();
    String key = Files.readString(folder.resolve("server-key"));
    open(folder, "rwxr-xr-x");
    open(folder.resolve("facts.rocksdb"), "rwxr-xr-x");
    open(folder.resolve("server-key"), "rw-r-----");

    new RunningService(folder).close();

    assertThat(permissions(folder)).isEqualTo("rwx------");
    assertThat(permissions(folder.resolve("facts.rocksdb"))).isEqualTo("rwx------");
    assertThat(permissions(folder.resolve("server-key"))).isEqualTo("rw-------");
    assertThat(folder.resolve("server-key")).as("nothing is made anew").hasContent(key);
    try (var files = Files.list(folder)) {
      assertThat(files).as("nothing else lies there").hasSize(2);
    }
  }

  @Test
  void aFolderWithOtherThingsInItAndTheseStayAsTheyAre() throws IOException {
    open(temporary, "rwxr-x--x");
    Path other = Files.writeString(temporary.resolve("notes"), "mine");
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Path target = Files.writeString(elsewhere.resolve("key"), "key");
    Files.createSymbolicLink(temporary.resolve("server-key"), target);
    Path facts = Files.createDirectory(temporary.resolve("facts.rocksdb"));
    open(facts, "rwxr-xr-x");
    for (Path file : List.of(other, target)) {
      open(file, "rw-r--r--");
    }

    PrivateFolder.at(temporary);

    assertThat(permissions(temporary)).isEqualTo("rwxr-x--x");
    assertThat(permissions(other)).isEqualTo("rw-r--r--");
    assertThat(permissions(target)).as("at the end of a link").isEqualTo("rw-r--r--");
    assertThat(permissions(facts)).isEqualTo("rwx------");
  }

  @Test
  void whatIsAnotherUsersStaysAsItIs() throws IOException {
    assumeThat(System.getProperty("user.name")).as("may give files away").isEqualTo("root");
    Path facts = Files.createDirectory(temporary.resolve("facts.rocksdb"));
    open(facts, "rwxr-xr-x");
    Files.setAttribute(facts, "unix:uid", 65_534);

    PrivateFolder.at(temporary);

    assertThat(permissions(facts)).isEqualTo("rwxr-xr-x");
  }

  @Test
  void aNewFileTakesThePlaceOfAnOldOne() throws IOException {
    PrivateFolder folder = PrivateFolder.at(temporary);
    Path file = Files.writeString(temporary.resolve("server-key"), "key");
    open(file, "rw-r-----");

    assertThat(folder.newFile("server-key")).isEqualTo(file).isEmptyFile();
    assertThat(permissions(file)).isEqualTo("rw-------");
  }

  private static void open(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
