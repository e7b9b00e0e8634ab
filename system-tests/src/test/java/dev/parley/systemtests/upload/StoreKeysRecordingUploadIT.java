package dev.parley.systemtests.upload;

import java.io.IOException;
import java.nio.file.Path;

/** The media server signs for itself; S3Proxy judges. */
final class StoreKeysRecordingUploadIT extends RecordingUploadContract {
  @Override
  StoreProcess startStore(Path place) throws IOException {
    return StoreProcess.s3(place);
  }

  @Override
  boolean isKeyed() {
    return true;
  }
}
