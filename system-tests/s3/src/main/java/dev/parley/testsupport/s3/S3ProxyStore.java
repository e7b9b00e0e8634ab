package dev.parley.testsupport.s3;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

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

  private static final String CLASS_PATH = "s3proxy.class-path";
  private static final long STOP_TIMEOUT_SEC = 10;

  private final Path folder;
  private Process process;
  private int port;

  private S3ProxyStore(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    process = launch();
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
    process.getOutputStream().close();
    awaitEnd();
    close();
    process = launch();
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Returns when it has ended, or it should have. */
  private void awaitEnd() {
    try {
      process.waitFor(STOP_TIMEOUT_SEC, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Process launch() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            ownClasses() + File.pathSeparator + libraries(),
            S3ProxyProcess.class.getName(),
            folder.toString(),
            BUCKET,
            KEY_ID,
            SECRET,
            Integer.toString(port)));
    Process started =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(S3ProxyProcess.PORT)) {
        port = Integer.parseInt(line.substring(S3ProxyProcess.PORT.length()));
        Thread.ofVirtual().start(() -> said.lines().forEach(_ -> {}));
        return started;
      }
    }
    started.destroyForcibly();
    throw new IOException("S3Proxy ended before it listened");
  }

  private static String libraries() throws IOException {
    try (InputStream text = S3ProxyStore.class.getResourceAsStream(CLASS_PATH)) {
      if (text == null) {
        throw new IOException("no " + CLASS_PATH + ": build system-tests/s3 with Maven first");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  private static Path ownClasses() {
    URL place = S3ProxyStore.class.getProtectionDomain().getCodeSource().getLocation();
    try {
      return Path.of(place.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("classes at no path: " + place, e);
    }
  }
}
