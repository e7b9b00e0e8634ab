package dev.parley.benchmarks.client.janus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A session of Janus's HTTP interface, with a handle for each client. Answers to requests come as
 * events on a long poll, which a thread of the session's own waits on; it keeps the session alive,
 * too. Blocking; any thread.
 */
final class JanusSession implements AutoCloseable {
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  /** Janus ends a poll without events after 30 s. */
  private static final Duration POLL_TIMEOUT = Duration.ofSeconds(60);

  private static final int EVENTS_PER_POLL = 100;
  private static final String ACCEPTED = "ack";

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(REQUEST_TIMEOUT)
          .build();
  private final AtomicLong transactions = new AtomicLong();
  private final Map<String, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
  private final String session;
  private final Thread poller;
  private volatile boolean running = true;

  /**
   * Opens a session.
   *
   * @param api such as http://192.0.2.1:8088/janus
   */
  JanusSession(URI api) throws IOException, InterruptedException {
    ObjectNode create = request("create");
    this.session = api + "/" + id(post(api.toString(), create));
    this.poller = Thread.ofVirtual().name("janus-poll").start(this::poll);
  }

  /** Attaches a handle to a plugin and returns its number. */
  long attach(String plugin) throws IOException, InterruptedException {
    return id(post(session, request("attach").put("plugin", plugin)));
  }

  /**
   * Gives a plugin a request and waits for the event that answers it.
   *
   * @param body what the plugin is to do
   * @param jsepType {@code offer} or {@code answer}; null without a description
   * @param sdp the description
   */
  JanusEvent ask(long handle, ObjectNode body, @Nullable String jsepType, String sdp)
      throws IOException, InterruptedException {
    ObjectNode message = request("message");
    message.set("body", body);
    if (jsepType != null) {
      message.putObject("jsep").put("type", jsepType).put("sdp", sdp);
    }
    String transaction = message.path("transaction").asText();
    CompletableFuture<JsonNode> event = new CompletableFuture<>();
    pending.put(transaction, event);
    try {
      JsonNode answer = post(session + '/' + handle, message);
      return JanusEvent.of(isAccepted(answer) ? await(event) : answer);
    } finally {
      pending.remove(transaction);
    }
  }

  ObjectNode body(String request) {
    return json.createObjectNode().put("request", request);
  }

  private static boolean isAccepted(JsonNode answer) {
    return answer.path("janus").asText().equals(ACCEPTED);
  }

  private static JsonNode await(CompletableFuture<JsonNode> event)
      throws IOException, InterruptedException {
    try {
      return event.get(REQUEST_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException("Janus's events ended", e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("no event from Janus in " + REQUEST_TIMEOUT.toSeconds() + " s", e);
    }
  }

  private void poll() {
    URI events = URI.create(session + "?maxev=" + EVENTS_PER_POLL);
    HttpRequest request = HttpRequest.newBuilder(events).timeout(POLL_TIMEOUT).GET().build();
    try {
      while (running) {
        JsonNode polled = send(request);
        if (polled.isArray()) {
          polled.forEach(this::onEvent);
        } else {
          JanusEvent.of(polled);
        }
      }
    } catch (IOException e) {
      pending.values().forEach(waiting -> waiting.completeExceptionally(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * What answers no request tells of others who joined, or of media; the client sees the latter.
   */
  private void onEvent(JsonNode event) {
    CompletableFuture<JsonNode> waiting = pending.get(event.path("transaction").asText());
    if (waiting != null) {
      waiting.complete(event);
    }
  }

  private ObjectNode request(String verb) {
    return json.createObjectNode()
        .put("janus", verb)
        .put("transaction", Long.toString(transactions.incrementAndGet()));
  }

  private static long id(JsonNode created) {
    return created.path("data").path("id").asLong();
  }

  private JsonNode post(String address, ObjectNode message)
      throws IOException, InterruptedException {
    JsonNode answer =
        send(
            HttpRequest.newBuilder(URI.create(address))
                .timeout(REQUEST_TIMEOUT)
                .POST(HttpRequest.BodyPublishers.ofString(message.toString()))
                .build());
    JanusEvent.of(answer);
    return answer;
  }

  private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    return json.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  /** Ends the session, and with it all of its handles' calls. */
  @Override
  public void close() {
    running = false;
    try {
      post(session, request("destroy"));
      http.shutdownNow();
      poller.join();
    } catch (IOException e) {
      // Gone already, or about to time out by itself.
      http.shutdownNow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
