package dev.parley.systemtests.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.systemtests.history.Entry.Frame;
import dev.parley.systemtests.nodes.EventsFollower;
import java.util.function.Consumer;

/** Takes down a conference's numbered events as one client sees them, whatever breaks. */
final class Watcher implements AutoCloseable {
  private final Recorder recorder;
  private final Room room;
  private final String name;
  private final Consumer<Room> onMove;
  private final EventsFollower follower;

  /**
   * Begins.
   *
   * @param onMove called when the media is elsewhere
   */
  Watcher(Cluster cluster, Recorder recorder, Room room, String name, Consumer<Room> onMove) {
    this.recorder = recorder;
    this.room = room;
    this.name = name;
    this.onMove = onMove;
    follower =
        new EventsFollower(
            new EventsFollower.Conference(cluster.api(), room.path(), cluster.key()),
            this::take,
            () -> "");
  }

  @Override
  public void close() {
    follower.close();
  }

  private void take(JsonNode frame) {
    String type = frame.path("type").asText();
    if (frame.has("seq")) {
      boolean resumed = frame.path("resumed").asBoolean();
      long seq = frame.path("seq").asLong();
      recorder.accept(new Frame(name, room.id(), seq, type, resumed, Recorder.nowNs()));
    }
    if (type.equals("media.move")) {
      onMove.accept(room);
    }
  }
}
