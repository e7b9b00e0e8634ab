package dev.parley.session.object.directory;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.util.JavalinBindException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Set;
import org.eclipse.jetty.server.NetworkConnectionLimit;

/**
 * The directory store's HTTP door. Bounded against whoever sends slowly or opens many connections;
 * pages of the given origins may use it (Fetch, CORS). Thread-safe.
 */
final class DirectoryServer implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 2_000;
  private static final int HEADERS_LENGTH_MAX = 16 << 10;
  private static final long IDLE_TIMEOUT_MS = 30_000;
  private static final long STOP_TIMEOUT_MS = 5_000;
  private static final String EVERY_PATH = "/*";

  private final Javalin javalin;
  private final Set<String> origins;

  private DirectoryServer(InetSocketAddress address, ObjectHandler objects, Set<String> origins) {
    this.origins = origins;
    javalin =
        Javalin.create(config -> {
          bound(config);
          config.routes.before(EVERY_PATH, this::allowOrigin);
          config.routes.get(EVERY_PATH, objects::handle);
          config.routes.head(EVERY_PATH, objects::handle);
          config.routes.put(EVERY_PATH, objects::handle);
          config.routes.post(EVERY_PATH, objects::handle);
          config.routes.delete(EVERY_PATH, objects::handle);
          config.routes.options(EVERY_PATH, DirectoryServer::answerPreflight);
        });
    javalin.start(address.getAddress().getHostAddress(), address.getPort());
  }

  /**
   * Binds and serves.
   *
   * @param origins of pages, in which * stands for any
   * @throws BindException naming the address if something else listens there
   */
  static DirectoryServer start(
      InetSocketAddress address, ObjectHandler objects, Set<String> origins) throws BindException {
    try {
      return new DirectoryServer(address, objects, origins);
    } catch (JavalinBindException e) {
      String place = address.getAddress().getHostAddress() + " port " + address.getPort();
      BindException named =
          new BindException("http address " + place + " cannot be used: " + e.getMessage());
      named.initCause(e);
      throw named;
    }
  }

  int port() {
    return javalin.port();
  }

  @Override
  public void close() {
    javalin.stop();
  }

  /** The signature is the right, and no browser adds one by itself; so this gives nothing away. */
  private void allowOrigin(Context context) {
    String origin = context.header("Origin");
    if (origin == null) {
      return;
    }
    context.header("Vary", "Origin");
    if (origins.contains("*") || origins.contains(origin)) {
      context.header("Access-Control-Allow-Origin", origin);
      context.header(
          "Access-Control-Expose-Headers",
          "Accept-Ranges, Content-Disposition, Content-Range, ETag, x-amz-checksum-sha256");
    }
  }

  private static void answerPreflight(Context context) {
    context
        .status(204)
        .header("Allow", "GET, HEAD, PUT, DELETE, OPTIONS")
        .header("Access-Control-Allow-Methods", "GET, HEAD, PUT, DELETE")
        .header(
            "Access-Control-Allow-Headers",
            "Content-Type, If-None-Match, If-Range, Range, x-amz-checksum-sha256")
        .header("Access-Control-Max-Age", "600");
  }

  private static void bound(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.concurrency.useVirtualThreads = true;
    config.http.prefer405over404 = true;
    // Bytes go out as they lie there: lengths, ranges and hashes are of these.
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.jetty.modifyHttpConfiguration(http -> {
      http.setSendServerVersion(false);
      http.setRequestHeaderSize(HEADERS_LENGTH_MAX);
      http.setIdleTimeout(IDLE_TIMEOUT_MS);
    });
    config.jetty.modifyServer(server -> {
      server.setStopTimeout(STOP_TIMEOUT_MS);
      server.addBean(new NetworkConnectionLimit(CONNECTIONS_MAX, server));
    });
  }
}
