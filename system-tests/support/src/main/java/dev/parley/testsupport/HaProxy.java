package dev.parley.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A real haproxy in a process of its own: a load balancer on loopback before session nodes, which
 * it leaves out while they are not ready. The next request goes to the next node.
 */
public final class HaProxy implements AutoCloseable {
  private static final String CONFIGURATION =
      """
      global
        maxconn 4000
      defaults
        mode http
        timeout connect 1s
        timeout client 60s
        timeout server 60s
        timeout tunnel 1h
        timeout check 1s
        option redispatch 1
        retries 2
        retry-on conn-failure
      listen sessions
        balance roundrobin
        option httpchk GET /ready
        default-server inter 300ms fall 2 rise 1 on-marked-down shutdown-sessions
      """;

  private final Process process;
  private final int port;

  private HaProxy(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * A session node.
   *
   * @param port of its API
   * @param adminPort where it says whether it is ready
   */
  public record Node(int port, int adminPort) {}

  /**
   * Starts one and waits until it listens.
   *
   * @param folder for its configuration
   */
  public static HaProxy start(Path folder, List<Node> nodes) throws IOException {
    int port = RedisServer.freePort();
    StringBuilder text = new StringBuilder(CONFIGURATION).append("  bind 127.0.0.1:" + port + "\n");
    for (Node node : nodes) {
      text.append(
          "  server node%1$d 127.0.0.1:%1$d check port %2$d%n"
              .formatted(node.port(), node.adminPort()));
    }
    Path file = Files.writeString(folder.resolve("haproxy.cfg"), text);
    Process process =
        new ProcessBuilder("haproxy", "-db", "-q", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    HaProxy proxy = new HaProxy(process, port);
    RedisServer.await("haproxy listens", () -> process.isAlive() && proxy.answers());
    return proxy;
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
          (int) Duration.ofSeconds(1).toMillis());
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
