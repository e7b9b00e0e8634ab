package dev.parley.systemtests.show.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.systemtests.show.ServerNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Debian's Janus with the configuration in {@code system-tests/janus}, in the servers' namespace.
 * Closing it stops it.
 */
final class JanusUp implements AutoCloseable {
  private static final String ANNOUNCEMENT = "HTTP webserver started";
  private static final int STOP_TIMEOUT_SECONDS = 10;

  private final Process process;

  private JanusUp(Process process) {
    this.process = process;
  }

  /** Starts it and waits until it takes requests. */
  static JanusUp start(Path root, ServerNamespace servers) throws IOException {
    Path configuration = root.resolve("system-tests").resolve("janus");
    List<String> command =
        List.of(
            "janus",
            "--configs-folder=" + configuration,
            "--config=" + configuration.resolve("janus.jcfg"),
            "--disable-colors");
    Process process =
        new ProcessBuilder(servers.entering(command)).redirectErrorStream(true).start();
    List<String> said = new ArrayList<>();
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      said.add(line);
      if (line.startsWith(ANNOUNCEMENT)) {
        Thread.ofVirtual().name("janus-output").start(() -> reader.lines().forEach(rest -> {}));
        return new JanusUp(process);
      }
    }
    throw new IOException("janus did not start:\n" + String.join("\n", said));
  }

  /** Its HTTP interface. */
  URI api() {
    return URI.create("http://" + ServerNamespace.ADDRESS + ":8088/janus");
  }

  long pid() {
    return process.pid();
  }

  String version() throws IOException {
    try (InputStream info = api().resolve("/janus/info").toURL().openStream()) {
      return new ObjectMapper().readTree(info).path("version_string").asText();
    }
  }

  @Override
  public void close() {
    // The handle's, for the process's own closes its output under the thread that reads it.
    process.toHandle().destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
