package dev.parley.session;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of the service's secrets: what the service makes there, its own user alone can read,
 * from the first moment on; what an older version made there, from the next start on. Where the
 * file system knows no such permissions, it has its own. Immutable.
 */
final class PrivateFolder {
  /** The folder of the store. */
  static final String FACTS = "facts.rocksdb";

  /** The file of the first server key. */
  static final String SERVER_KEY = "server-key";

  private static final Logger LOG = LoggerFactory.getLogger(PrivateFolder.class);
  private static final Pattern FOLDERS =
      Pattern.compile(Pattern.quote(FACTS) + "|library-[a-z0-9-]+[.]rocksdb");
  private static final Set<PosixFilePermission> FOLDER_MODE =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE_MODE =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;

  private PrivateFolder(Path path) {
    this.path = path;
  }

  /**
   * Makes the folder, and those above it, if they are not there, and closes to others what is open
   * to them: the service's files, and a folder that has these and nothing else in it. They must be
   * our user's own. A folder with other things in it is for somebody else, too, or is /tmp.
   */
  static PrivateFolder at(Path path) throws IOException {
    Files.createDirectories(path, only(path, FOLDER_MODE));
    PrivateFolder folder = new PrivateFolder(path);
    List<Path> closed = isPosix(path) ? folder.tighten() : List.of();
    if (!closed.isEmpty()) {
      LOG.warn("other users could get at these, and no longer can: {}", closed);
    }
    return folder;
  }

  /** Returns the path of a folder in the folder, made if it is not there. */
  Path folder(String name) throws IOException {
    return Files.createDirectories(path.resolve(name), only(path, FOLDER_MODE));
  }

  /** Returns the path of a new, empty file; one of that name is deleted. */
  Path newFile(String name) throws IOException {
    Path file = path.resolve(name);
    Files.deleteIfExists(file);
    return Files.createFile(file, only(file, FILE_MODE));
  }

  private List<Path> tighten() throws IOException {
    List<Path> open = new ArrayList<>();
    List<Path> closed = new ArrayList<>();
    boolean hasOurs = false;
    boolean hasOthers = false;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        // What a link leads to is not ours to change.
        Set<PosixFilePermission> mode = mode(entry);
        hasOurs |= mode != null;
        hasOthers |= mode == null;
        if (mode != null && isOpen(entry, mode)) {
          open.add(entry);
        }
      }
    }
    if (hasOurs && !hasOthers && isOpen(path, FOLDER_MODE)) {
      open.addFirst(path);
    }
    UserPrincipal user = open.isEmpty() ? null : user();
    for (Path place : open) {
      // Root could change what is another's, too.
      if (Files.getOwner(place).equals(user)) {
        Files.setPosixFilePermissions(place, Files.isDirectory(place) ? FOLDER_MODE : FILE_MODE);
        closed.add(place);
      }
    }
    return closed;
  }

  /** What a thing that the service made is to have; null for any other. */
  private static @Nullable Set<PosixFilePermission> mode(Path entry) {
    String name = entry.getFileName().toString();
    if (FOLDERS.matcher(name).matches() && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
      return FOLDER_MODE;
    }
    boolean isKey =
        name.equals(SERVER_KEY) && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS);
    return isKey ? FILE_MODE : null;
  }

  /** Whose this process's new files are: no other way tells it on every system. */
  private UserPrincipal user() throws IOException {
    Path probe = Files.createTempFile(path, "owner", null, only(path, FILE_MODE));
    try {
      return Files.getOwner(probe);
    } finally {
      Files.delete(probe);
    }
  }

  private static boolean isOpen(Path place, Set<PosixFilePermission> mode) throws IOException {
    return !mode.containsAll(Files.getPosixFilePermissions(place));
  }

  private static boolean isPosix(Path place) {
    return place.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] only(Path place, Set<PosixFilePermission> mode) {
    return isPosix(place)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)}
        : new FileAttribute<?>[0];
  }
}
