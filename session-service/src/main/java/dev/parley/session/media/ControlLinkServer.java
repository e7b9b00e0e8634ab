package dev.parley.session.media;

import dev.parley.common.control.ControlLimits;
import dev.parley.common.tls.MutualTls;
import dev.parley.session.conference.MediaEvents;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for media servers at {@code /control}, on a port of its own so that no client can ever
 * reach it. Any thread.
 */
public final class ControlLinkServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlLinkServer.class);
  private static final String PATH = "/control";
  private static final int LINKS_MAX = 4096;
  private static final long SWEEP_MS = 250;
  private static final long GREETING_NS = TimeUnit.SECONDS.toNanos(5);
  private static final long SEND_NS = TimeUnit.SECONDS.toNanos(5);
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(15);

  private final ControlServerSettings settings;
  private final LinkedServers servers;
  private final Server server;
  private final ServerConnector connector;
  private final Set<ServerLink> links = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("control-sweeper").daemon(true).factory());

  /**
   * Prepares to listen; {@link #start} begins.
   *
   * @param events hears what media servers report
   */
  public ControlLinkServer(
      ControlServerSettings settings, LinkedServers servers, MediaEvents events) {
    this.settings = settings;
    this.servers = servers;
    servers.reportTo(events);
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setName("control");
    server = new Server(threads);
    connector = connector(server, settings);
    server.addConnector(connector);
    server.setHandler(WebSocketUpgradeHandler.from(server, this::configure));
  }

  /**
   * Binds the port and accepts links.
   *
   * @throws IOException if the port is taken
   */
  public void start() throws IOException {
    try {
      server.start();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("control link server does not start", e);
    }
    var _ = sweeper.scheduleWithFixedDelay(this::sweep, SWEEP_MS, SWEEP_MS, TimeUnit.MILLISECONDS);
  }

  /** The port bound, which the settings may have left open. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Closes all links; media servers keep their calls and dial another node. */
  @Override
  public void close() {
    sweeper.shutdownNow();
    servers.close();
    for (ServerLink link : links) {
      link.close(CloseCode.GOING_AWAY, "node goes down");
    }
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("control link server does not stop", e);
    }
  }

  private void sweep() {
    try {
      servers.sweep();
      long nowNs = servers.nanoClock().getAsLong();
      for (ServerLink link : links) {
        link.closeIfSilent(nowNs, GREETING_NS, SEND_NS);
      }
    } catch (RuntimeException e) {
      // The executor would never sweep again, and tell nobody.
      LOG.error("sweep failed", e);
    }
  }

  private void configure(ServerWebSocketContainer container) {
    container.setIdleTimeout(IDLE_TIMEOUT);
    container.setMaxTextMessageSize(ControlLimits.FRAME_LENGTH_MAX);
    container.setMaxBinaryMessageSize(1);
    container.setMaxFrameSize(ControlLimits.FRAME_LENGTH_MAX);
    container.addMapping(PATH, this::accept);
  }

  private @Nullable Object accept(
      ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
    if (links.size() >= LINKS_MAX) {
      servers.counters().increment(ControlCounter.LINKS_REFUSED);
      response.setStatus(HttpStatus.SERVICE_UNAVAILABLE_503);
      callback.succeeded();
      return null;
    }
    return new JettyLinkSocket(servers, mayBe(request), links);
  }

  /** On plain loopback anyone may be anyone; otherwise the certificate says who. */
  private Predicate<String> mayBe(ServerUpgradeRequest request) {
    if (settings.tls() == null) {
      return _ -> true;
    }
    Object session = request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE);
    if (session instanceof EndPoint.SslSessionData data
        && data.peerCertificates() != null
        && data.peerCertificates().length > 0) {
      return CertificateNames.of(data.peerCertificates()[0])::contains;
    }
    return _ -> false;
  }

  private static ServerConnector connector(Server server, ControlServerSettings settings) {
    MutualTls tls = settings.tls();
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    ServerConnector connector;
    if (tls == null) {
      connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
    } else {
      // Media servers dial addresses of a private network, which need not be names.
      configuration.addCustomizer(new SecureRequestCustomizer(false));
      SslContextFactory.Server factory = new SslContextFactory.Server();
      factory.setSslContext(tls.context());
      factory.setNeedClientAuth(true);
      factory.setIncludeProtocols(MutualTls.PROTOCOL);
      connector =
          new ServerConnector(
              server,
              1,
              1,
              new SslConnectionFactory(factory, "http/1.1"),
              new HttpConnectionFactory(configuration));
    }
    connector.setHost(settings.address().getAddress().getHostAddress());
    connector.setPort(settings.address().getPort());
    return connector;
  }
}
