package dev.parley.systemtests.chaos;

import dev.parley.systemtests.history.Entry.Operation;
import dev.parley.systemtests.history.Outcome;
import dev.parley.systemtests.history.Request;
import dev.parley.systemtests.nodes.NodeApi;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client with one identity, who does one thing after the other as a seed wants it. Beside its
 * own life it uses the server key, as a back end would. One thread.
 */
final class Person implements Callable<Void> {
  private static final int STEPS = 24;
  private static final int PAUSE_MAX_MS = 150;
  private static final int BAN_SEC = 3_600;

  private final Cluster cluster;
  private final Recorder recorder;
  private final List<Room> rooms;
  private final String identity;
  private final Random random;
  private int said;

  Person(Cluster cluster, Recorder recorder, List<Room> rooms, String identity, long seed) {
    this.cluster = cluster;
    this.recorder = recorder;
    this.rooms = rooms;
    this.identity = identity;
    this.random = new Random(seed);
  }

  @Override
  public @Nullable Void call() throws InterruptedException {
    // A call begins with everybody at once.
    join(rooms.get(random.nextInt(rooms.size())), false);
    for (int i = 0; i < STEPS; i++) {
      step(rooms.get(random.nextInt(rooms.size())), random.nextInt(100));
      TimeUnit.MILLISECONDS.sleep(random.nextInt(PAUSE_MAX_MS));
    }
    return null;
  }

  private void step(Room room, int dice) throws InterruptedException {
    if (dice < 36) {
      join(room, dice < 9);
    } else if (dice < 50) {
      leave(room);
    } else if (dice < 72) {
      say(room);
    } else if (dice < 82) {
      lock(room, dice < 76);
    } else if (dice < 90) {
      remove(room, dice < 84);
    } else if (dice < 92) {
      ask(room, new Request.End(), cluster.api().request(room.path(), cluster.key()).DELETE());
    } else {
      create(room);
    }
  }

  private void join(Room room, boolean replaces) throws InterruptedException {
    NodeApi.Reply minted =
        cluster
            .api()
            .post(room.path() + "/tokens", cluster.key(), "{\"identity\":\"" + identity + "\"}");
    if (!minted.isOk()) {
      return;
    }
    String token = minted.body().path("token").asText();
    String participant =
        ask(
            room,
            new Request.Join(identity, replaces),
            json(
                room.path() + "/participants",
                token,
                "{\"sdp\":\"v=0 an offer\",\"replace\":" + replaces + "}"));
    if (!participant.isEmpty()) {
      room.stays().put(participant, new Room.Stay(identity, token));
    }
  }

  private void leave(Room room) throws InterruptedException {
    for (Map.Entry<String, Room.Stay> stay : room.stays().entrySet()) {
      if (stay.getValue().identity().equals(identity)) {
        ask(
            room,
            new Request.Leave(stay.getKey()),
            cluster.api().request(room.path(stay.getKey()), stay.getValue().token()).DELETE());
        room.stays().remove(stay.getKey());
        return;
      }
    }
  }

  private void remove(Room room, boolean bans) throws InterruptedException {
    List<String> others = new ArrayList<>(room.stays().keySet());
    String other = others.isEmpty() ? "" : others.get(random.nextInt(others.size()));
    Room.Stay stay = room.stays().get(other);
    if (stay == null) {
      return;
    }
    String path = room.path(other) + (bans ? "?ban=" + BAN_SEC : "");
    ask(
        room,
        new Request.Remove(other, stay.identity(), bans),
        cluster.api().request(path, cluster.key()).DELETE());
    room.stays().remove(other);
  }

  private void say(Room room) throws InterruptedException {
    String text = identity + " says " + ++said;
    String messageKey = room.id() + "-" + identity + "-" + said;
    for (int attempt = 0; attempt < 3; attempt++) {
      HttpRequest.Builder request =
          json(room.path() + "/messages", cluster.key(), "{\"text\":\"" + text + "\"}")
              .header("Idempotency-Key", messageKey);
      if (ask(room, new Request.Send(messageKey, text), request, "sequence") != Outcome.INFO) {
        return;
      }
    }
  }

  private void lock(Room room, boolean locked) throws InterruptedException {
    HttpRequest.Builder request =
        cluster
            .api()
            .request(room.path(), cluster.key())
            .header("Content-Type", "application/json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"locked\":" + locked + "}"));
    ask(room, new Request.Lock(locked), request);
  }

  /** Once more, with the same key. */
  private void create(Room room) throws InterruptedException {
    HttpRequest.Builder request =
        json("/v1/conferences", cluster.key(), room.options())
            .header("Idempotency-Key", room.key());
    ask(room, new Request.Create(room.key()), request);
  }

  private HttpRequest.Builder json(String path, String credential, String body) {
    return cluster
        .api()
        .request(path, credential)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  /** Returns the id of what was made, or nothing. */
  private String ask(Room room, Request wish, HttpRequest.Builder request)
      throws InterruptedException {
    long fromNs = Recorder.nowNs();
    NodeApi.Reply reply = cluster.api().send(request);
    record(room, wish, fromNs, reply, "id");
    return reply.isOk() ? reply.body().path("id").asText() : "";
  }

  private Outcome ask(Room room, Request wish, HttpRequest.Builder request, String result)
      throws InterruptedException {
    long fromNs = Recorder.nowNs();
    NodeApi.Reply reply = cluster.api().send(request);
    record(room, wish, fromNs, reply, result);
    return Recorder.outcome(reply);
  }

  private void record(Room room, Request wish, long fromNs, NodeApi.Reply reply, String result) {
    recorder.accept(
        new Operation(
            identity,
            room.id(),
            wish,
            fromNs,
            Recorder.nowNs(),
            Recorder.outcome(reply),
            reply.isOk() ? reply.body().path(result).asText() : ""));
  }
}
