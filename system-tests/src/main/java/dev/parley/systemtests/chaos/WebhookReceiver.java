package dev.parley.systemtests.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.systemtests.history.Entry;
import dev.parley.systemtests.history.Entry.Delivery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Takes webhook messages, or refuses them, and tells of each that it took. Thread-safe. */
final class WebhookReceiver implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int TAKEN = 204;
  private static final int REFUSED = 503;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Consumer<Entry> seen;
  private volatile boolean isRefusing;

  /** Listens on a free port of loopback. */
  WebhookReceiver(Consumer<Entry> seen) throws IOException {
    this.seen = seen;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::take);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  void refuse(boolean wanted) {
    isRefusing = wanted;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode message = JSON.readTree(exchange.getRequestBody());
      if (isRefusing) {
        exchange.sendResponseHeaders(REFUSED, -1);
        return;
      }
      JsonNode data = message.path("data");
      seen.accept(
          new Delivery(
              exchange.getRequestHeaders().getFirst("webhook-id"),
              data.path("conferenceId").asText(),
              data.path("sequence").asLong(),
              message.path("type").asText(),
              data.path("participantId").asText(),
              data.path("leaveReason").asText(data.path("endReason").asText()),
              Recorder.nowNs()));
      exchange.sendResponseHeaders(TAKEN, -1);
    }
  }
}
