package dev.parley.testsupport.s3;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * S3Proxy in a process and on a class path of its own: a bucket in a folder, on loopback. It
 * refuses tampered, expired and foreign signatures, and knows no SHA-256. Ends with the process
 * that started it. One thread.
 */
public final class S3ProxyStore implements AutoCloseable {
  public static final String BUCKET = "recordings";
  public static final String KEY_ID = "AKIDTESTS";
  public static final String SECRET = "secret-of-tests";
  public static final String REGION = "us-east-1";

  private final StoreJvm process;

  private S3ProxyStore(Path folder) throws IOException {
    String place = Files.createDirectories(folder).toString();
    process =
        new StoreJvm(
            "s3proxy.class-path", S3ProxyProcess.class, List.of(place, BUCKET, KEY_ID, SECRET));
  }

  /** Starts one over a folder, and waits until it listens. */
  public static S3ProxyStore start(Path folder) throws IOException {
    return new S3ProxyStore(folder);
  }

  /**
   * Stops it and starts it again at the same place. Requests under way fail, but it is not killed:
   * one killed while it wrote a part answers 400 for that upload ever after, as it takes the half
   * file for a part.
   */
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
