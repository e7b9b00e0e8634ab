package dev.parley.common.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.parley.common.metrics.Metrics;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code GET /live}, {@code GET /ready}, {@code GET /metrics} and {@code POST /drain}, and
 * the parts that a service adds. Meant for loopback or an operator's network: it knows no users.
 * Thread-safe.
 *
 * <p>{@code /ready} answers 200 or 503 with a JSON object of every check's name and reason.
 */
public final class AdminServer implements AutoCloseable {
  /** Longest body that a part is given, in bytes. */
  public static final int BODY_LENGTH_MAX = 64 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final int THREADS = 2;
  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  /** IPv4, or IPv6 in brackets. */
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|\\[[0-9a-fA-F:.]+]");

  private final HttpServer server;

  /**
   * Platform threads: a BufferedWriter of a virtual thread begins small and grows by each write's
   * length, which made 6 MB of garbage of each scrape.
   */
  private final ExecutorService executor =
      Executors.newFixedThreadPool(
          THREADS, Thread.ofPlatform().daemon().name("admin-", 0).factory());

  private final List<ReadinessCheck> checks;
  private final Metrics metrics;
  private final Runnable onDrain;

  /**
   * Binds and starts.
   *
   * @param bind where to listen; port 0 takes any free one
   * @param onDrain told on each {@code POST /drain}; must be safe to call twice
   * @throws BindException naming the address if something else listens there
   */
  public AdminServer(
      InetSocketAddress bind, Metrics metrics, List<ReadinessCheck> checks, Runnable onDrain)
      throws IOException {
    this.metrics = metrics;
    this.checks = List.copyOf(checks);
    this.onDrain = onDrain;
    try {
      server = HttpServer.create(bind, 16);
    } catch (BindException e) {
      executor.close();
      BindException named =
          new BindException(
              "admin address "
                  + bind.getAddress().getHostAddress()
                  + " port "
                  + bind.getPort()
                  + " cannot be used: "
                  + e.getMessage());
      named.initCause(e);
      throw named;
    }
    server.setExecutor(executor);
    server.createContext(
        "/live", only("GET", "/live", exchange -> answer(exchange, 200, TEXT, "alive\n")));
    server.createContext("/ready", only("GET", "/ready", this::ready));
    server.createContext("/metrics", only("GET", "/metrics", this::metrics));
    server.createContext("/drain", only("POST", "/drain", this::drain));
    server.start();
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Has a part answer everything below a path, such as {@code /admin/}. */
  public void mount(String path, AdminPart part) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            pass(exchange, part);
          }
        });
  }

  @Override
  public void close() {
    server.stop(0);
    executor.close();
  }

  private void ready(HttpExchange exchange) throws IOException {
    ObjectNode reasons = JSON.createObjectNode();
    boolean ready = true;
    for (ReadinessCheck check : checks) {
      String reason = check.reasonNotReady().get();
      ready &= reason == null;
      reasons.put(check.name(), reason == null ? "ok" : reason);
    }
    ObjectNode body = JSON.createObjectNode();
    body.put("ready", ready);
    body.set("checks", reasons);
    answer(exchange, ready ? 200 : 503, "application/json", body + "\n");
  }

  private void metrics(HttpExchange exchange) throws IOException {
    answer(exchange, 200, Metrics.CONTENT_TYPE, metrics.scrape());
  }

  private void drain(HttpExchange exchange) throws IOException {
    // A browser on this machine can be made to post here by any page it shows, and then names the
    // page's origin; no operator's tool does.
    if (exchange.getRequestHeaders().containsKey("Origin")) {
      answer(exchange, 403, TEXT, "not from a web page\n");
      return;
    }
    onDrain.run();
    answer(exchange, 202, TEXT, "draining\n");
  }

  private void pass(HttpExchange exchange, AdminPart part) throws IOException {
    if (isFromWebPage(exchange)) {
      answer(exchange, 403, TEXT, "not from a web page\n");
      return;
    }
    byte[] body = exchange.getRequestBody().readNBytes(BODY_LENGTH_MAX + 1);
    if (body.length > BODY_LENGTH_MAX) {
      answer(exchange, 413, TEXT, "at most " + (BODY_LENGTH_MAX >> 10) + " KiB\n");
      return;
    }
    URI uri = exchange.getRequestURI();
    AdminPart.Answer answer;
    try {
      answer =
          part.answer(
              new AdminPart.Request(
                  exchange.getRequestMethod(),
                  uri.getRawPath(),
                  uri.getRawQuery(),
                  exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                  new String(body, StandardCharsets.UTF_8)));
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", exchange.getRequestMethod(), uri.getRawPath(), e);
      answer(exchange, 500, TEXT, "failed; see the log\n");
      return;
    }
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    answer(exchange, answer.status(), answer.contentType(), answer.body());
  }

  /**
   * A browser on this machine can be made to ask here by any page it shows. It then names the
   * page's origin, or, if the page's own name was made to lead here, that name; no operator's tool
   * does either. A page of this port itself names the address it was loaded from, which nobody can
   * make lead elsewhere.
   */
  private boolean isFromWebPage(HttpExchange exchange) {
    String origin = exchange.getRequestHeaders().getFirst("Origin");
    String host = exchange.getRequestHeaders().getFirst("Host");
    String name = host == null ? "" : host.replaceFirst(":[0-9]+$", "");
    boolean isLoopback = LOOPBACK_NAMES.contains(name);
    if (origin != null) {
      boolean isAddress = isLoopback || ADDRESS.matcher(name).matches();
      return !isAddress || !origin.equals("http://" + host);
    }
    return address().getAddress().isLoopbackAddress() && host != null && !isLoopback;
  }

  private static HttpHandler only(String method, String path, HttpHandler handler) {
    return exchange -> {
      try (exchange) {
        if (!exchange.getRequestURI().getPath().equals(path)) {
          answer(exchange, 404, TEXT, "not here; try /live /ready /metrics\n");
        } else if (!exchange.getRequestMethod().equals(method)) {
          exchange.getResponseHeaders().set("Allow", method);
          answer(exchange, 405, TEXT, "only " + method + "\n");
        } else {
          handler.handle(exchange);
        }
      }
    };
  }

  private static void answer(HttpExchange exchange, int status, String contentType, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    if (!contentType.isEmpty()) {
      exchange.getResponseHeaders().set("Content-Type", contentType);
    }
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
