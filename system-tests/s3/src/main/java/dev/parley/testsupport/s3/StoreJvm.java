package dev.parley.testsupport.s3;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A store that others wrote, in a process and on a class path of its own, which ends with the
 * process that started it. One thread.
 */
final class StoreJvm implements AutoCloseable {
  /** What precedes the port, in the line that says that the store listens. */
  static final String PORT = "listening on port ";

  private static final long STOP_TIMEOUT_SEC = 10;

  private final String libraries;
  private final String mainClass;
  private final List<String> arguments;
  private Process process;
  private int port;

  /**
   * Starts it, and waits until it listens.
   *
   * @param classPath the resource that names its libraries
   * @param mainClass of this module; its last argument is a port, 0 for any
   */
  StoreJvm(String classPath, Class<?> mainClass, List<String> arguments) throws IOException {
    this.libraries = read(classPath);
    this.mainClass = mainClass.getName();
    this.arguments = List.copyOf(arguments);
    process = launch();
  }

  /** Stops it, without killing it, and starts it again at the same port. */
  void restart() throws IOException {
    process.getOutputStream().close();
    awaitEnd();
    close();
    process = launch();
  }

  URI endpoint() {
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
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-cp"));
    command.add(ownClasses() + File.pathSeparator + libraries);
    command.add(mainClass);
    command.addAll(arguments);
    command.add(Integer.toString(port));
    Process started =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(PORT)) {
        port = Integer.parseInt(line.substring(PORT.length()));
        Thread.ofVirtual().start(() -> drain(said));
        return started;
      }
    }
    started.destroyForcibly();
    throw new IOException(mainClass + " ended before it listened");
  }

  /** Lets it print whatever it likes, until it ends or is killed. */
  private static void drain(BufferedReader said) {
    try {
      said.transferTo(Writer.nullWriter());
    } catch (IOException _) {
      // It was killed in mid-line.
    }
  }

  private static String read(String classPath) throws IOException {
    try (InputStream text = StoreJvm.class.getResourceAsStream(classPath)) {
      if (text == null) {
        throw new IOException("no " + classPath + ": build system-tests/s3 with Maven first");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  private static Path ownClasses() {
    URL place = StoreJvm.class.getProtectionDomain().getCodeSource().getLocation();
    try {
      return Path.of(place.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("classes at no path: " + place, e);
    }
  }
}
