package dev.parley.systemtests.show.session;

import dev.parley.testsupport.DelayedWire;
import dev.parley.testsupport.RedisServer;
import dev.parley.testsupport.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One session node with its facts in its own folder and the rest in a real Redis, and one media
 * server that dials it, over a long wire if that is wanted. All are processes of their own, the
 * session node with flags that {@code docs/operations.md} names.
 */
final class OneNode implements AutoCloseable {
  private static final Pattern SERVICE_READY =
      Pattern.compile("ready: http port (\\d+), control link port (\\d+), admin port (\\d+)");
  private static final Pattern MEDIA_READY = Pattern.compile("admin on .*:(\\d+)");
  private static final String LOGGING = "-Dlogback.configurationFile=logback.xml";
  private static final List<String> MEDIA_JVM =
      List.of("-XX:+UseZGC", "-Xms384m", "-Xmx384m", LOGGING);

  private final Deque<Runnable> ends = new ArrayDeque<>();
  private final ServiceProcess session;
  private final Path folder;
  private final int httpPort;
  private final int adminPort;

  /** The collector of the session node, which decides between its pauses and its memory. */
  enum Collector {
    /** For a node with much to do. */
    Z("-XX:+UseZGC", "-Xmx2g"),
    /** For a node that is to be small. */
    SERIAL("-XX:+UseSerialGC", "-Xmx512m");

    private final String flag;
    private final String heap;

    Collector(String flag, String heap) {
      this.flag = flag;
      this.heap = heap;
    }

    List<String> flags() {
      return List.of(flag, heap, LOGGING);
    }
  }

  /**
   * Starts them, and waits until the media server is linked.
   *
   * @param linkDelay how long the wire between the two takes, one way
   */
  OneNode(Path folder, Collector collector, Duration linkDelay) throws IOException {
    this.folder = folder;
    RedisServer redis = RedisServer.start();
    ends.push(redis::close);
    int linkPort = RedisServer.freePort();
    int reachedAt = linkPort;
    if (!linkDelay.isZero()) {
      DelayedWire wire = new DelayedWire(linkPort, linkDelay);
      ends.push(wire::close);
      reachedAt = wire.port();
    }
    String link = "ws://127.0.0.1:" + reachedAt + "/control";
    List<String> arguments = new ArrayList<>();
    arguments.add("--data-dir=" + folder.resolve("data"));
    arguments.add("--redis=" + redis.address());
    arguments.add("--link-port=" + linkPort);
    arguments.add("--link-url=" + link);
    arguments.addAll(List.of("--http-port=0", "--admin-port=0"));
    session =
        start("dev.parley.session.SessionService", collector.flags(), SERVICE_READY, arguments);
    httpPort = Integer.parseInt(session.said().group(1));
    adminPort = Integer.parseInt(session.said().group(3));
    ServiceProcess _ =
        start(
            "dev.parley.media.MediaServer",
            MEDIA_JVM,
            MEDIA_READY,
            List.of(
                "--server-id=ms-1",
                "--control-urls=" + link,
                "--bind-addresses=127.0.0.1",
                "--udp-port=0",
                "--admin-port=0",
                "--media-threads=1"));
    RedisServer.await("the link is up", () -> metric("parley_media_servers") == 1);
  }

  URI api() {
    return URI.create("http://127.0.0.1:" + httpPort);
  }

  URI admin() {
    return URI.create("http://127.0.0.1:" + adminPort);
  }

  /** The session node's process. */
  long pid() {
    return session.handle().pid();
  }

  /** The first server key. */
  String key() throws IOException {
    return Files.readString(folder.resolve("data").resolve("server-key")).strip();
  }

  /** Memory of the session node that is in RAM. */
  double residentMiB() throws IOException {
    Path status = Path.of("/proc/" + pid() + "/status");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Reads a metric of the session node; not-a-number if there is none. */
  double metric(String name) {
    try (HttpWire wire = new HttpWire(admin())) {
      return wire.send(HttpWire.Request.get("/metrics", ""))
          .body()
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  @Override
  public void close() {
    while (!ends.isEmpty()) {
      ends.pop().run();
    }
  }

  private ServiceProcess start(
      String mainClass, List<String> flags, Pattern ready, List<String> arguments)
      throws IOException {
    ServiceProcess process =
        ServiceProcess.start(
            new ServiceProcess.Program(mainClass, LoadProcess.classPath(), flags, ready),
            arguments);
    ends.push(process::close);
    return process;
  }
}
