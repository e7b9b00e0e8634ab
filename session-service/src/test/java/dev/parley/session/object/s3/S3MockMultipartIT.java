package dev.parley.session.object.s3;

import dev.parley.common.s3.AccessKey;
import dev.parley.session.object.MultipartContract;
import dev.parley.testsupport.s3.S3MockStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class S3MockMultipartIT extends MultipartContract {
  @TempDir Path folder;

  private S3MockStore store;

  @BeforeEach
  void start() throws IOException {
    store = S3MockStore.start(folder);
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Override
  protected Place place() {
    return new Place(
        store.endpoint(),
        S3MockStore.BUCKET,
        new AccessKey("AKIDTESTS", "secret-of-tests"),
        S3MockStore.REGION);
  }

  @Override
  protected boolean isStrict() {
    return true;
  }

  @Override
  protected boolean checksSignatures() {
    return false;
  }

  /**
   * It refuses the same, by other names or none; of a list, it looks at the parts' lengths first.
   */
  @Override
  protected String codeFor(String code) {
    return switch (code) {
      case "BadDigest" -> "BadRequest";
      case "InvalidPart" -> "EntityTooSmall";
      case "MalformedXML" -> "";
      default -> code;
    };
  }

  @Override
  protected void restart() throws IOException {
    store.restart();
  }
}
