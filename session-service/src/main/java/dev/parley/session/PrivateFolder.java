package dev.parley.session;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The folder of the service's secrets: what the service makes there, its own user alone can read,
 * from the first moment on. Where the file system knows no such permissions, it has its own.
 * Immutable.
 */
final class PrivateFolder {
  private static final String FOLDER = "rwx------";
  private static final String FILE = "rw-------";

  private final Path path;

  private PrivateFolder(Path path) {
    this.path = path;
  }

  /** Makes the folder, and those above it, if they are not there; whoever made one has decided. */
  static PrivateFolder at(Path path) throws IOException {
    Files.createDirectories(path, only(path, FOLDER));
    return new PrivateFolder(path);
  }

  /** Returns the path of a file of the folder, made empty if it is not there. */
  Path file(String name) throws IOException {
    Path file = path.resolve(name);
    try {
      Files.createFile(file, only(file, FILE));
    } catch (FileAlreadyExistsException e) {
      // It stays as it is: whoever gave it to a group for its backups has decided, too.
    }
    return file;
  }

  /** Returns the path of a new, empty file; one of that name is deleted. */
  Path newFile(String name) throws IOException {
    Files.deleteIfExists(path.resolve(name));
    return file(name);
  }

  private static FileAttribute<?>[] only(Path place, String permissions) {
    return place.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
