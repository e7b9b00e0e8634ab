package dev.parley.testsupport;

import java.util.List;
import java.util.stream.IntStream;

/** A Redis Cluster of three servers without replicas, ready to use. */
public final class RedisCluster implements AutoCloseable {
  private static final int SLOT_COUNT = 16384;
  private static final int NODE_COUNT = 3;

  private final List<RedisServer> nodes;

  /** Starts the servers, gives each a third of the slots, and waits until they know each other. */
  public RedisCluster() {
    int[] busPorts = IntStream.range(0, NODE_COUNT).map(_ -> RedisServer.freePort()).toArray();
    nodes =
        IntStream.range(0, NODE_COUNT)
            .mapToObj(i ->
                RedisServer.start(
                    "--cluster-enabled",
                    "yes",
                    "--cluster-port",
                    Integer.toString(busPorts[i]),
                    "--cluster-node-timeout",
                    "1000",
                    "--cluster-require-full-coverage",
                    "no"))
            .toList();
    for (int i = 0; i < NODE_COUNT; i++) {
      RedisServer node = nodes.get(i);
      node.send("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
      node.send(
          "CLUSTER",
          "ADDSLOTSRANGE",
          Integer.toString(i * SLOT_COUNT / NODE_COUNT),
          Integer.toString((i + 1) * SLOT_COUNT / NODE_COUNT - 1));
      nodes
          .getFirst()
          .send(
              "CLUSTER",
              "MEET",
              "127.0.0.1",
              Integer.toString(node.port()),
              Integer.toString(busPorts[i]));
    }
    for (RedisServer node : nodes) {
      RedisServer.await(
          "a cluster",
          () -> {
            String state = node.send("CLUSTER", "INFO");
            return state.contains("cluster_state:ok")
                && state.contains("cluster_slots_ok:" + SLOT_COUNT)
                && state.contains("cluster_known_nodes:" + NODE_COUNT)
                && !node.send("CLUSTER", "NODES").contains("disconnected");
          });
    }
  }

  public List<RedisServer> nodes() {
    return nodes;
  }

  public String address() {
    return "redis-cluster://127.0.0.1:" + nodes.get(0).port() + ",127.0.0.1:" + nodes.get(1).port();
  }

  @Override
  public void close() {
    nodes.forEach(RedisServer::close);
  }
}
