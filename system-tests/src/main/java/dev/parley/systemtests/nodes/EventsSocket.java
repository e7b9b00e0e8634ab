package dev.parley.systemtests.nodes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client of a conference's events, on whatever node it was let in. What comes may be taken by any
 * thread.
 */
public final class EventsSocket implements WebSocket.Listener {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long WAIT_SECONDS = 15;

  private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final StringBuilder frame = new StringBuilder();

  private @Nullable WebSocket connection;

  private EventsSocket() {}

  /** One that is connected nowhere, and to which nothing comes. */
  public static EventsSocket unconnected() {
    return new EventsSocket();
  }

  /**
   * Connects and says hello.
   *
   * @param resumeSeq the last event it knows, or -1
   */
  public static EventsSocket connect(
      HttpClient http, URI service, Entrance entrance, long resumeSeq) {
    EventsSocket client = new EventsSocket();
    URI uri =
        URI.create(
            "ws://%s/v1/conferences/%s/events?ticket=%s"
                .formatted(service.getAuthority(), entrance.conference(), entrance.ticket()));
    String hello =
        resumeSeq < 0
            ? "{\"type\":\"hello\"}"
            : "{\"type\":\"hello\",\"resumeSeq\":" + resumeSeq + "}";
    WebSocket socket = http.newWebSocketBuilder().buildAsync(uri, client).join();
    socket.sendText(hello, true).join();
    client.connection = socket;
    return client;
  }

  /** Sends a frame; the thread that connected. */
  public void say(String json) {
    WebSocket socket = connection;
    if (socket == null) {
      throw new IllegalStateException("connected nowhere");
    }
    socket.sendText(json, true).join();
  }

  /** Breaks the connection, as a network does. */
  public void cut() {
    if (connection != null) {
      connection.abort();
    }
  }

  /** What lets one in. */
  public record Entrance(String conference, String ticket) {}

  /** Returns the next frame of a type, skipping others. */
  public JsonNode next(String type) throws InterruptedException {
    while (true) {
      JsonNode next = frames.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no " + type + " came");
      }
      if (next.path("type").asText().equals(type)) {
        return next;
      }
    }
  }

  /** Returns what has come and was not asked for yet. */
  public List<JsonNode> rest() {
    List<JsonNode> rest = new ArrayList<>();
    frames.drainTo(rest);
    return rest;
  }

  /** Waits until the node is gone. */
  void awaitEnd() throws InterruptedException {
    if (!ended.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the socket is still open");
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean isLast) {
    frame.append(data);
    if (isLast) {
      try {
        frames.add(JSON.readTree(frame.toString()));
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
    ended.countDown();
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    ended.countDown();
  }
}
