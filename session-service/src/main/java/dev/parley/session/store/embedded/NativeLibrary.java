package dev.parley.session.store.embedded;

import dev.parley.session.store.StoreUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * Loads RocksDB's native library. Its own way leaves 15 MB in the folder for temporary files each
 * time a process is killed; this one's file is gone as soon as it is loaded.
 */
final class NativeLibrary {
  private static final String NAME = "rocksdb";

  private static final ReentrantLock LOADING = new ReentrantLock();

  /** Written with the lock held. */
  private static final AtomicBoolean LOADED = new AtomicBoolean();

  private NativeLibrary() {}

  /**
   * Returns when it is loaded; at once, but for the first time.
   *
   * @throws StoreUnavailableException if it cannot be; the next call tries again
   */
  static void await() {
    if (LOADED.get()) {
      return;
    }
    LOADING.lock();
    try {
      if (!LOADED.get()) {
        load();
        LOADED.set(true);
      }
    } catch (IOException | UnsatisfiedLinkError e) {
      throw new StoreUnavailableException(
          "the embedded store's library cannot be loaded; -Djava.io.tmpdir must name a folder that"
              + " can be written and from which programs may run, and names "
              + System.getProperty("java.io.tmpdir"),
          e);
    } finally {
      LOADING.unlock();
    }
  }

  private static void load() throws IOException {
    String file = Environment.getJniLibraryFileName(NAME);
    try (InputStream library = RocksDB.class.getResourceAsStream('/' + file)) {
      if (library == null) {
        RocksDB.loadLibrary();
        return;
      }
      Path folder = Files.createTempDirectory("parley-" + NAME).toAbsolutePath();
      // Where it looks for one that is there already it adds to the name twice.
      Path copy = folder.resolve(Environment.getJniLibraryFileName(NAME + "jni"));
      try {
        Files.copy(library, copy);
        RocksDB.loadLibrary(List.of(folder.toString()));
      } finally {
        Files.deleteIfExists(copy);
        Files.delete(folder);
      }
    }
  }
}
