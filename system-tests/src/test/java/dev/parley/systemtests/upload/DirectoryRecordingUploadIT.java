package dev.parley.systemtests.upload;

import java.io.IOException;
import java.nio.file.Path;

final class DirectoryRecordingUploadIT extends RecordingUploadContract {
  @Override
  StoreProcess startStore(Path place) throws IOException {
    return StoreProcess.directory(place);
  }
}
