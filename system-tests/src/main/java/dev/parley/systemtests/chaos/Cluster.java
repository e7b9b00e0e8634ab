package dev.parley.systemtests.chaos;

import dev.parley.systemtests.history.Entry;
import dev.parley.systemtests.nodes.Deployment;
import dev.parley.systemtests.nodes.NodeApi;
import dev.parley.systemtests.nodes.NodeSeat;
import dev.parley.testsupport.HaProxy;
import dev.parley.testsupport.RedisServer;
import dev.parley.testsupport.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Two session nodes behind haproxy, with DynamoDB Local, Redis and three light media servers, all
 * of which can be broken. Thread-safe.
 */
public final class Cluster implements AutoCloseable {
  private static final List<String> NODES = List.of("one", "two");
  private static final int MEDIA_COUNT = 3;

  /** An endpoint hears of what happens from so long after it was made. */
  private static final long ENDPOINT_KNOWN_MS = 5_000;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<NodeSeat> seats = new ArrayList<>();
  private final List<ModelMedia> media = new ArrayList<>();
  private final Deployment deployment;
  private final WebhookReceiver receiver;
  private final TcpProxy door;
  private final NodeApi api;
  private final List<NodeApi> nodes = new ArrayList<>();
  private final String key;
  private volatile Consumer<Entry> seen = _ -> {};

  /** Starts all of it. */
  public Cluster(Path folder) throws IOException, InterruptedException {
    try {
      deployment = closing(new Deployment(folder, Deployment.Patience.USUAL));
      for (String name : NODES) {
        NodeSeat seat = closing(new NodeSeat(deployment, name));
        seats.add(seat);
        nodes.add(closing(new NodeApi(seat.node().url())));
      }
      HaProxy balancer = deployment.balancer(seats.stream().map(NodeSeat::node).toList());
      door = closing(new TcpProxy(balancer.port()));
      api = closing(new NodeApi(URI.create("http://127.0.0.1:" + door.port())));
      key = deployment.key();
      receiver = closing(new WebhookReceiver(entry -> seen.accept(entry)));
      NodeApi.Reply endpoint =
          api.post("/v1/webhook-endpoints", key, "{\"url\":\"" + receiver.url() + "\"}");
      if (!endpoint.isOk()) {
        throw new IOException("no webhook endpoint: " + endpoint);
      }
      long knownNs = Recorder.nowNs() + ENDPOINT_KNOWN_MS * 1_000_000;
      for (int i = 1; i <= MEDIA_COUNT; i++) {
        List<URI> known = List.of(control(seats.get(i % seats.size())));
        ModelMedia server =
            closing(new ModelMedia("ms-" + i, known, i, entry -> seen.accept(entry)));
        media.add(server);
        server.start();
      }
      awaitWhole();
      RedisServer.await("the endpoint is known", () -> Recorder.nowNs() > knownNs);
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Names who is told of everything from now on. */
  void tell(Consumer<Entry> hearer) {
    seen = hearer;
  }

  /** Waits until every node is ready and has links to all media servers. */
  void awaitWhole() {
    for (NodeSeat seat : seats) {
      deployment.awaitMediaServers(seat.node(), MEDIA_COUNT);
    }
  }

  /** As clients reach it: through a wire, and the load balancer. */
  NodeApi api() {
    return api;
  }

  /** Each node's own. */
  List<NodeApi> nodes() {
    return nodes;
  }

  String key() {
    return key;
  }

  /** The wire to clients. */
  TcpProxy door() {
    return door;
  }

  /** What nodes share. */
  public Deployment deployment() {
    return deployment;
  }

  List<NodeSeat> seats() {
    return seats;
  }

  List<ModelMedia> media() {
    return media;
  }

  WebhookReceiver receiver() {
    return receiver;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        // What is left is closed all the same; processes end with this one at the latest.
        System.err.println("did not close: " + e);
      }
    }
  }

  private static URI control(NodeSeat seat) {
    return URI.create("ws://127.0.0.1:" + seat.linkDoor().port() + "/control");
  }

  private <T extends AutoCloseable> T closing(T part) {
    parts.push(part);
    return part;
  }
}
