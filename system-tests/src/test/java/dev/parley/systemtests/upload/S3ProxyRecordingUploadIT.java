package dev.parley.systemtests.upload;

import java.io.IOException;
import java.nio.file.Path;

final class S3ProxyRecordingUploadIT extends RecordingUploadContract {
  @Override
  StoreProcess startStore(Path place) throws IOException {
    return StoreProcess.s3(place);
  }
}
