package dev.parley.session.object.directory;

import dev.parley.common.config.SettingsReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Lets tests of other packages start a directory store with a clock of their own. */
public final class DirectoryStoreHandle implements AutoCloseable {
  private final Path folder;
  private final Clock clock;
  private final int port;
  private DirectoryStore store;

  private DirectoryStoreHandle(Path folder, Clock clock, DirectoryStore store) {
    port = store.httpPort();
    this.folder = folder;
    this.clock = clock;
    this.store = store;
  }

  /** Starts one with objects and key in the folder. */
  public static DirectoryStoreHandle start(Path folder, Clock clock) throws IOException {
    return new DirectoryStoreHandle(folder, clock, start(folder, clock, 0));
  }

  /** Starts it again where it was. */
  public void restart() throws IOException {
    store = start(folder, clock, port);
  }

  public String address() {
    return "http://127.0.0.1:" + port;
  }

  /** What tells a session service of it. */
  public String[] arguments() {
    return new String[] {
      "--directory-store=" + address(), "--directory-store-key=" + folder.resolve("key")
    };
  }

  @Override
  public void close() {
    store.close();
  }

  private static DirectoryStore start(Path folder, Clock clock, int port) throws IOException {
    return DirectoryStore.start(
        new SettingsReader(DirectorySettings.ALL)
            .read(
                List.of(
                    "--http-port=" + port,
                    "--admin-port=0",
                    "--data-dir=" + folder.resolve("data"),
                    "--key-file=" + folder.resolve("key")),
                Map.of()),
        clock);
  }
}
