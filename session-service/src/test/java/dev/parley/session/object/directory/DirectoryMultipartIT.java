package dev.parley.session.object.directory;

import dev.parley.common.s3.AccessKeyFile;
import dev.parley.session.object.MultipartContract;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryMultipartIT extends MultipartContract {
  @TempDir Path folder;

  private DirectoryStoreHandle store;

  @BeforeEach
  void start() throws IOException {
    store = DirectoryStoreHandle.start(folder, Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Override
  protected Place place() {
    try {
      return new Place(
          URI.create(store.address()),
          DirectoryStore.BUCKET,
          AccessKeyFile.read(folder.resolve("key")),
          DirectoryStore.REGION);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected boolean isStrict() {
    return true;
  }

  @Override
  protected void restart() throws IOException {
    store.close();
    store.restart();
  }
}
