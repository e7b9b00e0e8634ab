package dev.parley.session;

import dev.parley.session.event.UncompressedFrames;
import dev.parley.session.rest.Admittance;
import dev.parley.session.rest.RestApi;
import dev.parley.session.web.WebPage;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.util.JavalinBindException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The HTTP door for clients: page, API and events on one port, each request on a virtual thread.
 * Bounded against whoever sends slowly or opens many connections.
 */
final class HttpServer implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 20_000;
  private static final int SELECTING_THREADS_MAX = 32;
  private static final int HEADERS_LENGTH_MAX = 16 << 10;
  private static final long IDLE_TIMEOUT_MS = 60_000;
  private static final long STOP_TIMEOUT_MS = 5_000;

  private final Javalin javalin;
  private final RestApi api;

  private HttpServer(Javalin javalin, RestApi api) {
    this.javalin = javalin;
    this.api = api;
  }

  /**
   * Binds and serves.
   *
   * @param stores origins of the object stores
   * @param events adds the routes of events
   * @throws BindException naming the address if something else listens there
   */
  static HttpServer start(
      InetSocketAddress address,
      RestApi api,
      Admittance admittance,
      Set<String> stores,
      Consumer<RoutesConfig> events)
      throws BindException {
    Javalin javalin =
        Javalin.create(config -> {
          configure(config);
          config.router.handlerWrapper(admittance::before);
          WebPage.register(config, stores);
          api.register(config.routes);
          events.accept(config.routes);
        });
    try {
      javalin.start(address.getAddress().getHostAddress(), address.getPort());
    } catch (JavalinBindException e) {
      BindException named =
          new BindException(
              "http address "
                  + address.getAddress().getHostAddress()
                  + " port "
                  + address.getPort()
                  + " cannot be used: "
                  + e.getMessage());
      named.initCause(e);
      throw named;
    }
    return new HttpServer(javalin, api);
  }

  int port() {
    return javalin.port();
  }

  @Override
  public void close() {
    // First: the server waits for the requests that are under way.
    api.close();
    javalin.stop();
  }

  private static void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.jetty.threadPool = threads();
    config.http.prefer405over404 = true;
    config.jetty.modifyHttpConfiguration(HttpServer::bound);
    config.jetty.modifyServer(server -> {
      server.setStopTimeout(STOP_TIMEOUT_MS);
      server.addBean(new NetworkConnectionLimit(CONNECTIONS_MAX, server));
    });
  }

  /**
   * Requests run on virtual threads, each its own; what waits for all sockets at once does not: a
   * virtual thread that selects is woken by way of another, for each request anew.
   */
  private static QueuedThreadPool threads() {
    QueuedThreadPool pool = new QueuedThreadPool(SELECTING_THREADS_MAX);
    pool.setName("http");
    pool.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-request-"));
    return pool;
  }

  private static void bound(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADERS_LENGTH_MAX);
    http.setIdleTimeout(IDLE_TIMEOUT_MS);
    http.addCustomizer(new UncompressedFrames());
  }
}
