package dev.parley.session.object.s3;

import dev.parley.common.s3.AccessKey;
import dev.parley.session.object.MultipartContract;
import dev.parley.testsupport.s3.S3ProxyStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class S3ProxyMultipartIT extends MultipartContract {
  @TempDir Path folder;

  private S3ProxyStore store;

  @BeforeEach
  void start() throws IOException {
    store = S3ProxyStore.start(folder);
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Override
  protected Place place() {
    return new Place(
        store.endpoint(),
        S3ProxyStore.BUCKET,
        new AccessKey(S3ProxyStore.KEY_ID, S3ProxyStore.SECRET),
        S3ProxyStore.REGION);
  }

  /** It knows no SHA-256. */
  @Override
  protected boolean isStrict() {
    return false;
  }

  @Override
  protected void restart() throws IOException {
    store.restart();
  }
}
