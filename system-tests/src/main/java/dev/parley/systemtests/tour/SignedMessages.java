package dev.parley.systemtests.tour;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The customer's receiver of webhooks: checks every message's signature as Standard Webhooks 1.0.0
 * has it, takes it or, while it is told so, refuses it. Thread-safe.
 */
final class SignedMessages implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String PREFIX = "whsec_";
  private static final long PATIENCE_SEC = 30;
  private static final int TAKEN = 204;
  private static final int WRONG = 401;
  private static final int REFUSED = 503;

  private final HttpServer server;
  private final BlockingQueue<Message> taken = new LinkedBlockingQueue<>();
  private final List<String> wrong = new CopyOnWriteArrayList<>();
  private volatile String secret = "";
  private volatile boolean isRefusing;

  SignedMessages() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.start();
  }

  /**
   * One that was taken.
   *
   * @param signatures how many it had
   */
  record Message(String id, String type, JsonNode data, int signatures) {}

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/parley";
  }

  /** What messages must be signed by from now on. */
  void secretIs(String text) {
    secret = text;
  }

  void refuse(boolean wanted) {
    isRefusing = wanted;
  }

  /** Ids of messages whose signature was wrong. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** The next message, in the order in which they came. */
  Message next() {
    try {
      Message message = taken.poll(PATIENCE_SEC, TimeUnit.SECONDS);
      if (message == null) {
        throw new TourException("no webhook came any more; wrongly signed: " + wrong);
      }
      return message;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TourException("interrupted", e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String id = exchange.getRequestHeaders().getFirst("webhook-id");
      String at = exchange.getRequestHeaders().getFirst("webhook-timestamp");
      String[] signatures =
          exchange.getRequestHeaders().getFirst("webhook-signature").split(" ", -1);
      if (isRefusing) {
        exchange.sendResponseHeaders(REFUSED, -1);
      } else if (!isSigned(id + "." + at + "." + body, signatures)) {
        wrong.add(id);
        exchange.sendResponseHeaders(WRONG, -1);
      } else {
        JsonNode message = JSON.readTree(body);
        taken.add(
            new Message(
                id, message.path("type").asText(), message.path("data"), signatures.length));
        exchange.sendResponseHeaders(TAKEN, -1);
      }
    }
  }

  private boolean isSigned(String content, String[] signatures) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      byte[] key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] expected = mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
      for (String signature : signatures) {
        if (signature.startsWith("v1,")
            && MessageDigest.isEqual(
                Base64.getDecoder().decode(signature.substring(3)), expected)) {
          return true;
        }
      }
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
