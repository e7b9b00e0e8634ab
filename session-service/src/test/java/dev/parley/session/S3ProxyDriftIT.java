package dev.parley.session;

import dev.parley.common.s3.AccessKey;
import dev.parley.session.object.MultipartContract.Place;
import dev.parley.session.object.StoreKind;
import dev.parley.testsupport.s3.S3ProxyStore;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

final class S3ProxyDriftIT extends DriftContract {
  private @Nullable S3ProxyStore proxy;

  @Override
  protected Place startStore(Path folder) throws IOException {
    S3ProxyStore started = S3ProxyStore.start(folder);
    proxy = started;
    return new Place(
        started.endpoint(),
        S3ProxyStore.BUCKET,
        new AccessKey(S3ProxyStore.KEY_ID, S3ProxyStore.SECRET),
        S3ProxyStore.REGION);
  }

  @Override
  protected StoreKind kind() {
    return StoreKind.S3;
  }

  @Override
  protected boolean tellsHashes() {
    return false;
  }

  @Override
  @AfterEach
  protected void stopStore() {
    if (proxy != null) {
      proxy.close();
      proxy = null;
    }
  }
}
