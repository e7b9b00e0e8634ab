package dev.parley.session.store.embedded;

import dev.parley.session.store.StoreUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * Loads RocksDB's native library. Its own way leaves 15 MB in the folder for temporary files each
 * time a process is killed; this one's file is gone as soon as it is loaded.
 */
final class NativeLibrary {
  private static final String NAME = "rocksdb";

  static {
    load();
  }

  private NativeLibrary() {}

  /** Returns when it is loaded; at once, but for the first time. */
  static void await() {
    // The class's own initialization does it.
  }

  private static void load() {
    String file = Environment.getJniLibraryFileName(NAME);
    try (InputStream library = RocksDB.class.getResourceAsStream('/' + file)) {
      if (library == null) {
        RocksDB.loadLibrary();
        return;
      }
      Path folder = Files.createTempDirectory("parley-" + NAME);
      // Where it looks for one that is there already it adds to the name twice.
      Path copy = folder.resolve(Environment.getJniLibraryFileName(NAME + "jni"));
      try {
        Files.copy(library, copy);
        RocksDB.loadLibrary(List.of(folder.toString()));
      } finally {
        Files.deleteIfExists(copy);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new StoreUnavailableException("the embedded store's library cannot be unpacked", e);
    }
  }
}
