package dev.parley.testsupport.s3;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Adobe's S3Mock in a process of its own: a bucket in a folder, on loopback. It compares SHA-256,
 * of objects and of parts, as S3 does, and looks at no signature. Ends with the process that
 * started it. One thread.
 */
public final class S3MockStore implements AutoCloseable {
  public static final String BUCKET = "recordings";
  public static final String REGION = "us-east-1";

  private final StoreJvm process;

  private S3MockStore(Path folder) throws IOException {
    String place = Files.createDirectories(folder).toString();
    process = new StoreJvm("s3mock.class-path", S3MockProcess.class, List.of(place, BUCKET));
  }

  /** Starts one over a folder, and waits until it listens. */
  public static S3MockStore start(Path folder) throws IOException {
    return new S3MockStore(folder);
  }

  /** Stops it and starts it again at the same place. */
  public void restart() throws IOException {
    process.restart();
  }

  public URI endpoint() {
    return process.endpoint();
  }

  @Override
  public void close() {
    process.close();
  }
}
