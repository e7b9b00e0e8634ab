package dev.parley.systemtests.show.faults;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.systemtests.nodes.NodeApi;
import dev.parley.systemtests.show.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Two nodes that give conferences their media servers at the same time: both must say the same.
 *
 * @param conferences how many were raced for
 * @param answered joins that were, of two for each
 * @param splits conferences of which the nodes said different things
 */
record Race(int conferences, int answered, int splits) {
  /** Runs it. */
  static Race of(Scene scene, int conferences) throws Exception {
    int answered = 0;
    int splits = 0;
    String body = JsonNodeFactory.instance.objectNode().put("sdp", scene.offer()).toString();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        NodeApi one = new NodeApi(scene.nodes().getFirst().node().url());
        NodeApi two = new NodeApi(scene.nodes().getLast().node().url())) {
      for (int i = 0; i < conferences; i++) {
        String path = scene.conference();
        List<Future<NodeApi.Reply>> joins = new ArrayList<>();
        for (NodeApi node : List.of(one, two)) {
          String token = token(scene, path, "racer" + joins.size());
          joins.add(threads.submit(() -> node.post(path + "/participants", token, body)));
        }
        NodeApi.Reply first = joins.getFirst().get();
        NodeApi.Reply second = joins.getLast().get();
        String id = path.substring(path.lastIndexOf('/') + 1);
        scene.seen().accept(Admissions.of(id, first));
        scene.seen().accept(Admissions.of(id, second));
        answered += (isSeated(first) ? 1 : 0) + (isSeated(second) ? 1 : 0);
        splits += isSeated(first) && isSeated(second) && isSplit(first, second) ? 1 : 0;
        scene.api().delete(path, scene.key());
      }
    }
    return new Race(conferences, answered, splits);
  }

  /** Adds its rows. */
  void tell(Report report) {
    report.atLeast("two nodes race: joins answered", answered, 2.0 * conferences, "");
    report.atMost("two nodes race: conferences split", splits, 0, "of " + conferences);
  }

  private static boolean isSeated(NodeApi.Reply reply) {
    return reply.isOk() && !reply.body().at("/media/server").asText().isEmpty();
  }

  private static boolean isSplit(NodeApi.Reply first, NodeApi.Reply second) {
    return !first.body().at("/media/server").equals(second.body().at("/media/server"))
        || !first.body().at("/media/epoch").equals(second.body().at("/media/epoch"));
  }

  private static String token(Scene scene, String path, String identity)
      throws InterruptedException {
    String body = "{\"identity\":\"" + identity + "\"}";
    return scene.api().post(path + "/tokens", scene.key(), body).body().path("token").asText();
  }
}
