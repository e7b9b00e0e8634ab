package dev.parley.systemtests.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.systemtests.history.Entry.Frame;
import java.net.URI;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches a conference's events, and goes on where it was whenever its connection breaks or says
 * nothing any more. A thread of its own.
 */
final class Watcher implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long PAUSE_MS = 200;
  private static final long PING_MS = 500;
  private static final long SILENCE_MS = 2_000;
  private static final String MOVE = "media.move";
  private static final String ENDED = "conference.ended";

  private final Cluster cluster;
  private final Recorder recorder;
  private final Room room;
  private final String name;
  private final Consumer<Room> onMove;
  private final Thread thread;
  private long lastSeq = -1;
  private volatile boolean isOver;

  /**
   * Begins.
   *
   * @param onMove called when the media is elsewhere
   */
  Watcher(Cluster cluster, Recorder recorder, Room room, String name, Consumer<Room> onMove) {
    this.cluster = cluster;
    this.recorder = recorder;
    this.room = room;
    this.name = name;
    this.onMove = onMove;
    thread = Thread.ofVirtual().name(name).start(this::run);
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
        watch();
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      }
    } catch (InterruptedException e) {
      // It is over.
      Thread.currentThread().interrupt();
    }
  }

  private void watch() throws InterruptedException {
    Api api = cluster.api();
    Api.Reply ticket = api.post(room.path() + "/event-tickets", cluster.key(), "{}");
    if (!ticket.isOk()) {
      return;
    }
    URI uri =
        URI.create(
            "ws://%s%s/events?ticket=%s"
                .formatted(
                    api.base().getAuthority(), room.path(), ticket.body().path("ticket").asText()));
    Frames frames = new Frames();
    try {
      WebSocket socket = api.http().newWebSocketBuilder().buildAsync(uri, frames).join();
      String resume = lastSeq < 0 ? "" : ",\"resumeSeq\":" + lastSeq;
      socket.sendText("{\"type\":\"hello\"" + resume + "}", true).join();
      read(frames, socket);
    } catch (CompletionException e) {
      // The connection broke, or there is none: the next one is tried.
      return;
    }
  }

  private void read(Frames frames, WebSocket socket) throws InterruptedException {
    long heardNs = Recorder.nowNs();
    try {
      while (!frames.isEnded || !frames.queue.isEmpty()) {
        JsonNode frame = frames.queue.poll(PING_MS, TimeUnit.MILLISECONDS);
        if (frame != null) {
          heardNs = Recorder.nowNs();
          take(frame);
        } else if (Recorder.nowNs() - heardNs > TimeUnit.MILLISECONDS.toNanos(SILENCE_MS)) {
          return;
        } else if (!frames.isEnded) {
          socket.sendText("{\"type\":\"ping\"}", true).join();
        }
      }
    } finally {
      socket.abort();
    }
  }

  private void take(JsonNode frame) {
    String type = frame.path("type").asText();
    if (frame.has("seq")) {
      lastSeq = frame.path("seq").asLong();
      boolean resumed = frame.path("resumed").asBoolean();
      recorder.accept(new Frame(name, room.id(), lastSeq, type, resumed, Recorder.nowNs()));
    }
    if (type.equals(MOVE)) {
      onMove.accept(room);
    }
    isOver |= type.equals(ENDED);
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
