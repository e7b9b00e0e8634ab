package dev.parley.systemtests.nodes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches a conference's events, and goes on where it was whenever its connection breaks or says
 * nothing any more, until the conference has ended. A thread of its own, which calls the listener.
 */
public final class EventsFollower implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long PAUSE_MS = 200;
  private static final long PING_MS = 500;
  private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(2);
  private static final long WORD_NS = TimeUnit.MILLISECONDS.toNanos(1_000);
  private static final String PING = "{\"type\":\"ping\"}";

  private final Conference conference;
  private final Consumer<JsonNode> listener;
  private final Supplier<String> word;
  private final Thread thread;
  private long lastSeq = -1;
  private volatile boolean isOver;

  /**
   * What is watched, and by whom.
   *
   * @param path such as /v1/conferences/cf_1
   * @param credential that event tickets are had for
   */
  public record Conference(NodeApi api, String path, String credential) {}

  /**
   * Begins.
   *
   * @param listener hears each frame
   * @param word what to say each second; empty for nothing
   */
  public EventsFollower(Conference conference, Consumer<JsonNode> listener, Supplier<String> word) {
    this.conference = conference;
    this.listener = listener;
    this.word = word;
    thread = Thread.ofVirtual().name("events " + conference.path()).start(this::run);
  }

  @Override
  public void close() {
    isOver = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!isOver) {
        follow();
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      }
    } catch (InterruptedException e) {
      // It was closed.
      Thread.currentThread().interrupt();
    }
  }

  private void follow() throws InterruptedException {
    NodeApi api = conference.api();
    NodeApi.Reply ticket =
        api.post(conference.path() + "/event-tickets", conference.credential(), "{}");
    if (!ticket.isOk()) {
      return;
    }
    URI uri =
        URI.create(
            "ws://%s%s/events?ticket=%s"
                .formatted(
                    api.base().getAuthority(),
                    conference.path(),
                    ticket.body().path("ticket").asText()));
    Frames frames = new Frames();
    try {
      WebSocket socket =
          api.http()
              .newWebSocketBuilder()
              .buildAsync(uri, frames)
              .orTimeout(SILENCE_NS, TimeUnit.NANOSECONDS)
              .join();
      String resume = lastSeq < 0 ? "" : ",\"resumeSeq\":" + lastSeq;
      socket.sendText("{\"type\":\"hello\"" + resume + "}", true).join();
      read(frames, socket);
    } catch (CompletionException e) {
      // The connection broke, or there is none: the next one is tried.
      return;
    }
  }

  private void read(Frames frames, WebSocket socket) throws InterruptedException {
    long heardNs = System.nanoTime();
    long saidNs = heardNs - WORD_NS;
    try {
      while (!frames.isEnded || !frames.queue.isEmpty()) {
        String now = System.nanoTime() - saidNs >= WORD_NS ? word.get() : "";
        if (!now.isEmpty() && !frames.isEnded) {
          saidNs = System.nanoTime();
          socket.sendText(now, true).join();
        }
        JsonNode frame = frames.queue.poll(PING_MS, TimeUnit.MILLISECONDS);
        if (frame != null) {
          heardNs = System.nanoTime();
          take(frame);
        } else if (System.nanoTime() - heardNs > SILENCE_NS) {
          return;
        } else if (!frames.isEnded) {
          socket.sendText(PING, true).join();
        }
      }
    } finally {
      socket.abort();
    }
  }

  private void take(JsonNode frame) {
    lastSeq = frame.path("seq").asLong(lastSeq);
    listener.accept(frame);
    isOver |= frame.path("type").asText().equals("conference.ended");
  }

  /** Gathers what comes. The WebSocket calls it one call at a time. */
  private static final class Frames implements WebSocket.Listener {
    private final BlockingQueue<JsonNode> queue = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private volatile boolean isEnded;

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        try {
          queue.add(JSON.readTree(text.toString()));
        } catch (JsonProcessingException e) {
          throw new AssertionError("not JSON: " + text, e);
        }
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      isEnded = true;
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      isEnded = true;
    }
  }
}
