package dev.parley.testsupport;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * DynamoDB Local in a process and on a class path of its own: in memory, without telemetry, on a
 * free port of loopback. All credentials and regions see the same tables. Ends with the process
 * that started it, whatever becomes of that.
 */
public final class DynamoDbLocal implements AutoCloseable {
  private static final String CLASS_PATH = "dynamodb-local.class-path";
  private static final long STOP_TIMEOUT_SEC = 10;

  private final Process process;
  private final int port;

  private DynamoDbLocal(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one that keeps all in memory, and waits until it listens. */
  public static DynamoDbLocal start() throws IOException {
    return launch(List.of());
  }

  /** Starts one that keeps all in a folder, where the next one finds it; waits as above. */
  public static DynamoDbLocal start(Path folder) throws IOException {
    return launch(List.of(folder.toString()));
  }

  private static DynamoDbLocal launch(List<String> arguments) throws IOException {
    List<String> libraries = libraries();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-Dslf4j.internal.verbosity=ERROR",
            "-Dsqlite4java.library.path=" + nativeFolder(libraries),
            "-cp",
            ownClasses() + File.pathSeparator + String.join(File.pathSeparator, libraries),
            DynamoDbLocalProcess.class.getName()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(DynamoDbLocalProcess.PORT)) {
        int port = Integer.parseInt(line.substring(DynamoDbLocalProcess.PORT.length()));
        return new DynamoDbLocal(process, port);
      }
    }
    process.destroyForcibly();
    throw new IOException("DynamoDB Local ended before it listened");
  }

  /** The one that all tests of this JVM may share, each with its own tables; never closed. */
  public static DynamoDbLocal shared() {
    return Shared.ONE;
  }

  public int port() {
    return port;
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The process, to stop it (SIGSTOP) or to end it. */
  public ProcessHandle process() {
    return process.toHandle();
  }

  /** Lets it hang: connections stay, nothing is answered. */
  public void pause() {
    Signals.send(process.pid(), "STOP");
  }

  public void resume() {
    Signals.send(process.pid(), "CONT");
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(STOP_TIMEOUT_SEC, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> libraries() throws IOException {
    try (InputStream text = DynamoDbLocal.class.getResourceAsStream(CLASS_PATH)) {
      if (text == null) {
        throw new IOException("no " + CLASS_PATH + ": build system-tests/support with Maven first");
      }
      String path = new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
      return Arrays.asList(path.split(File.pathSeparator));
    }
  }

  /** Where sqlite's native library for this machine lies; its name holds its version. */
  private static Path nativeFolder(List<String> libraries) throws IOException {
    boolean isMac = System.getProperty("os.name").startsWith("Mac");
    String artifact = isMac ? "libsqlite4java-osx" : "libsqlite4java-linux-amd64";
    for (String library : libraries) {
      Path path = Path.of(library);
      Path folder = path.getParent();
      if (folder != null && path.getFileName().toString().startsWith(artifact)) {
        return folder;
      }
    }
    throw new IOException("DynamoDB Local has no " + artifact);
  }

  private static Path ownClasses() {
    URL place = DynamoDbLocal.class.getProtectionDomain().getCodeSource().getLocation();
    try {
      return Path.of(place.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("classes at no path: " + place, e);
    }
  }

  /** Started when first asked for. */
  private static final class Shared {
    static final DynamoDbLocal ONE = started();

    private static DynamoDbLocal started() {
      try {
        return start();
      } catch (IOException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }
}
