package dev.parley.systemtests.show.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.systemtests.nodes.EventsFollower;
import dev.parley.systemtests.nodes.NodeApi;
import dev.parley.systemtests.nodes.NodeSeat;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;

/**
 * What is asked for while the store is broken: moderation and leaves of people who came before, and
 * new conferences, all at once; and one who hangs up without asking. One thread.
 */
final class Essentials {
  private static final int EACH = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int TONE_HERTZ = 3_000;

  private final Scene scene;
  private final String path;
  private final List<Person> people = new ArrayList<>();
  private final Guest hangingUp;
  private final List<AutoCloseable> watchers = new ArrayList<>();
  private final List<NodeApi.Reply> creates = new ArrayList<>();
  private final List<NodeApi.Reply> moderations = new ArrayList<>();
  private final List<NodeApi.Reply> leaves = new ArrayList<>();

  private long longestMs;

  /** One who is there. */
  private record Person(String path, String token) {
    String id() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /** Lets people come in. */
  Essentials(Scene scene) throws Exception {
    this.scene = scene;
    path = scene.conference();
    String body = JsonNodeFactory.instance.objectNode().put("sdp", scene.offer()).toString();
    for (int i = 1; i <= 2 * EACH; i++) {
      String wish = "{\"identity\":\"person" + i + "\"}";
      String token =
          scene.api().post(path + "/tokens", scene.key(), wish).body().path("token").asText();
      NodeApi.Reply joined = scene.api().post(path + "/participants", token, body);
      if (!joined.isOk()) {
        throw new IllegalStateException("could not join: " + joined);
      }
      people.add(new Person(path + "/participants/" + joined.body().path("id").asText(), token));
    }
    // As the clients of those who are there do; from then on each node has seen who is in.
    for (NodeSeat seat : scene.nodes()) {
      NodeApi node = new NodeApi(URI.create("http://127.0.0.1:" + seat.node().httpPort()));
      EventsFollower.Conference watched = new EventsFollower.Conference(node, path, scene.key());
      BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
      watchers.add(node);
      watchers.add(new EventsFollower(watched, frames::add, () -> ""));
      frames.take();
    }
    hangingUp = scene.guest(new Guest.Place(path, "dan", TONE_HERTZ, TONE_HERTZ));
  }

  /** Asks for everything, and waits for the answers. */
  void ask() throws InterruptedException {
    List<Future<NodeApi.Reply>> made = new ArrayList<>();
    List<Future<NodeApi.Reply>> moderated = new ArrayList<>();
    List<Future<NodeApi.Reply>> left = new ArrayList<>();
    hangingUp.close();
    long fromNs = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < EACH; i++) {
        Person stays = people.get(i);
        Person goes = people.get(EACH + i);
        made.add(threads.submit(() -> send("POST", "/v1/conferences", scene.key(), "{}")));
        moderated.add(
            threads.submit(() -> send("PATCH", stays.path(), scene.key(), "{\"held\":true}")));
        left.add(threads.submit(() -> send("DELETE", goes.path(), goes.token(), "")));
      }
    }
    longestMs = (System.nanoTime() - fromNs) / 1_000_000;
    made.forEach(one -> creates.add(one.resultNow()));
    moderated.forEach(one -> moderations.add(one.resultNow()));
    left.forEach(one -> leaves.add(one.resultNow()));
  }

  private NodeApi.Reply send(String method, String at, String credential, String json)
      throws InterruptedException {
    return scene
        .api()
        .send(
            scene
                .api()
                .request(at, credential)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json)));
  }

  /** Until the last answer had come. */
  long longestMs() {
    return longestMs;
  }

  /** Whether all that was done is recorded, and the one who hung up has left. */
  boolean isRecorded() throws InterruptedException {
    NodeApi.Reply roster = scene.api().get(path + "/participants", scene.key());
    if (!roster.isOk()) {
      return false;
    }
    Map<String, JsonNode> present = new HashMap<>();
    roster.body().path("data").forEach(one -> present.put(one.path("id").asText(), one));
    boolean isAsDone = !present.containsKey(hangingUp.participant());
    for (int i = 0; i < EACH; i++) {
      JsonNode stays = present.get(people.get(i).id());
      isAsDone &= !moderations.get(i).isOk() || (stays != null && stays.path("held").asBoolean());
      isAsDone &= !leaves.get(i).isOk() || !present.containsKey(people.get(EACH + i).id());
    }
    return isAsDone;
  }

  /** Takes away what it made. */
  void clear() throws Exception {
    for (AutoCloseable watcher : watchers.reversed()) {
      watcher.close();
    }
    scene.api().delete(path, scene.key());
    for (NodeApi.Reply made : creates) {
      if (made.isOk()) {
        scene.api().delete("/v1/conferences/" + made.body().path("id").asText(), scene.key());
      }
    }
  }

  /** Whether nothing was lost in silence: each was done, or is to be asked for again. */
  boolean areClear() {
    return Stream.of(creates, moderations, leaves)
        .flatMap(List::stream)
        .allMatch(one -> one.isOk() || isDeferred(one));
  }

  String refusedCreates() {
    return refused(creates);
  }

  String refusedModerations() {
    return refused(moderations);
  }

  String refusedLeaves() {
    return refused(leaves);
  }

  /** Whether moderation and leaves went on. */
  boolean haveGoneOn() {
    return Stream.of(moderations, leaves).flatMap(List::stream).allMatch(NodeApi.Reply::isOk);
  }

  private static String refused(List<NodeApi.Reply> replies) {
    return replies.stream().filter(one -> !one.isOk()).count() + " of " + replies.size();
  }

  private static boolean isDeferred(NodeApi.Reply reply) {
    return reply.status() == 503 && !reply.retryAfter().isEmpty();
  }
}
