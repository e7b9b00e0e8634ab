package dev.parley.session.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A client of a conference's events, which has said hello. */
public final class EventsClient implements WebSocket.Listener {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final long WAIT_SECONDS = 10;

  private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder frame = new StringBuilder();

  private CompletableFuture<WebSocket> sent = new CompletableFuture<>();

  private EventsClient() {}

  /**
   * Connects.
   *
   * @param resumeSeq the last event it knows, or -1
   */
  public static EventsClient connect(int port, String conference, String ticket, long resumeSeq) {
    EventsClient client = new EventsClient();
    String uri =
        "ws://127.0.0.1:%d/v1/conferences/%s/events?ticket=%s".formatted(port, conference, ticket);
    String hello =
        resumeSeq < 0
            ? "{\"type\":\"hello\"}"
            : "{\"type\":\"hello\",\"resumeSeq\":" + resumeSeq + "}";
    // Not awaited: a socket that is refused may be closed before the hello is out.
    client.sent =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI.create(uri), client);
    client.sent.join();
    client.says(hello);
    return client;
  }

  /** Sends a frame after those before. One thread. */
  public void says(String text) {
    sent = sent.thenCompose(socket -> socket.sendText(text, true));
  }

  /** Returns the next frame. */
  public JsonNode next() throws InterruptedException {
    JsonNode next = frames.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no frame came");
    }
    return next;
  }

  /** Returns the next frame of a type, skipping others. */
  public JsonNode next(String type) throws InterruptedException {
    JsonNode next = next();
    while (!next.path("type").asText().equals(type)) {
      next = next();
    }
    return next;
  }

  /** Returns the code with which the node closed. */
  public int closeCode() throws InterruptedException, ExecutionException, TimeoutException {
    return closed.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean isLast) {
    frame.append(data);
    if (isLast) {
      try {
        frames.add(MAPPER.readTree(frame.toString()));
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + frame, e);
      }
      frame.setLength(0);
    }
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    closed.complete(code);
    return null;
  }
}
