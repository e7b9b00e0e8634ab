package dev.parley.systemtests.show.talk;

import dev.parley.systemtests.show.ServerNamespace;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Debian's coturn in the servers' namespace, with a secret shared with the session service. Closing
 * it stops it.
 */
final class CoturnUp implements AutoCloseable {
  static final String SECRET = "only for tests";

  /** Where clients reach it, as {@code --ice-servers} wants it: by TCP. */
  static final String URL = "turn:" + ServerNamespace.ADDRESS + ":3478?transport=tcp";

  private static final int PORT = 3478;

  private static final int ATTEMPTS_MAX = 200;
  private static final long BETWEEN_ATTEMPTS_MS = 50;
  private static final int STOP_TIMEOUT_SECONDS = 10;

  private final Process process;

  private CoturnUp(Process process) {
    this.process = process;
  }

  /** Starts it and waits until it takes connections. */
  static CoturnUp start(Path folder, ServerNamespace servers)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            "turnserver",
            "-n",
            "--listening-ip=" + ServerNamespace.ADDRESS,
            "--relay-ip=" + ServerNamespace.ADDRESS,
            "--listening-port=" + PORT,
            "--realm=parley.test",
            "--use-auth-secret",
            "--static-auth-secret=" + SECRET,
            "--no-cli",
            "--no-tls",
            "--no-dtls",
            "--log-file=stdout",
            "--simple-log",
            "--userdb=" + folder.resolve("turndb"),
            "--pidfile=" + folder.resolve("turnserver.pid"));
    Path output = folder.resolve("coturn.log");
    Process process =
        new ProcessBuilder(servers.entering(command))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    CoturnUp coturn = new CoturnUp(process);
    for (int i = 0; i < ATTEMPTS_MAX && process.isAlive(); i++) {
      try (Socket _ = new Socket(ServerNamespace.ADDRESS, PORT)) {
        return coturn;
      } catch (ConnectException _) {
        Thread.sleep(BETWEEN_ATTEMPTS_MS);
      }
    }
    coturn.close();
    throw new IOException("coturn did not start:\n" + Files.readString(output));
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
