package dev.parley.session;

import dev.parley.common.s3.AccessKeyFile;
import dev.parley.session.object.MultipartContract.Place;
import dev.parley.session.object.StoreKind;
import dev.parley.session.object.directory.DirectoryStore;
import dev.parley.session.object.directory.DirectoryStoreHandle;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

final class DirectoryDriftIT extends DriftContract {
  private @Nullable DirectoryStoreHandle directory;

  @Override
  protected Place startStore(Path folder) throws IOException {
    DirectoryStoreHandle started = DirectoryStoreHandle.start(folder, Clock.systemUTC());
    directory = started;
    return new Place(
        URI.create(started.address()),
        DirectoryStore.BUCKET,
        AccessKeyFile.read(folder.resolve("key")),
        DirectoryStore.REGION);
  }

  @Override
  protected StoreKind kind() {
    return StoreKind.DIRECTORY;
  }

  @Override
  protected boolean tellsHashes() {
    return true;
  }

  @Override
  @AfterEach
  protected void stopStore() {
    if (directory != null) {
      directory.close();
      directory = null;
    }
  }
}
