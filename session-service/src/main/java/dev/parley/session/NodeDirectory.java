package dev.parley.session;

import dev.parley.common.config.Settings;
import dev.parley.common.control.ControlLimits;
import dev.parley.common.metrics.Metrics;
import dev.parley.session.access.RandomText;
import dev.parley.session.media.LinkedServers;
import dev.parley.session.node.NodeStore;
import dev.parley.session.node.SessionNodes;
import java.net.InetAddress;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * This node's place among the session nodes: beats if others may share the store, and tells media
 * servers of those that it finds. Thread-safe.
 */
final class NodeDirectory implements AutoCloseable {
  private final Settings settings;
  private final AtomicInteger nodeCount;
  private @Nullable SessionNodes nodes;
  private @Nullable DueLoop loop;

  NodeDirectory(Settings settings) {
    this.settings = settings;
    this.nodeCount =
        new AtomicInteger(Math.max(1, settings.value(SessionSettings.LINK_NODES).size()));
  }

  /** How many nodes there are, this one included. */
  int nodeCount() {
    return nodeCount.get();
  }

  /**
   * Begins to beat. Once, before anybody asks for more than the count.
   *
   * @param linkPort where media servers dial this node
   * @param nanoTime monotonic time in nanoseconds
   */
  void start(
      NodeStore store,
      int linkPort,
      LinkedServers servers,
      LongSupplier nanoTime,
      Metrics metrics) {
    metrics.gauge("parley.nodes", "Session nodes that beat", nodeCount::get);
    if (settings.value(SessionSettings.STORE) != SessionSettings.StoreChoice.DYNAMODB) {
      return;
    }
    SessionNodes.Self self =
        new SessionNodes.Self(
            settings.value(SessionSettings.NODE), RandomText.base64(9), control(linkPort));
    SessionNodes shared = new SessionNodes(store, self, nanoTime, servers::linked);
    nodes = shared;
    servers.knowOthers(shared);
    DueLoop beating = new DueLoop("nodes", SessionNodes.BEAT, () -> beat(shared, servers));
    loop = beating;
    metrics.counter(
        "parley.nodes.failures", "Beats that failed for want of the store", beating::failureCount);
    beating.start();
  }

  /** Which shards of some work this node looks after if no node has begun it by itself. */
  IntPredicate shards(String work) {
    return shard -> nodes == null || nodes.isOurs(work + " " + shard);
  }

  /** Why requests should go to other nodes, or null. */
  @Nullable String reasonNotReady() {
    return nodes != null && nodes.isDisplaced() ? "another process has its name: set node" : null;
  }

  @Override
  public void close() {
    if (loop != null) {
      loop.close();
    }
    if (nodes != null) {
      nodes.close();
    }
  }

  private int beat(SessionNodes shared, LinkedServers servers) {
    int count = shared.run();
    nodeCount.set(Math.max(count, settings.value(SessionSettings.LINK_NODES).size()));
    Set<URI> all = new LinkedHashSet<>(settings.value(SessionSettings.LINK_NODES));
    all.addAll(shared.controls());
    servers.announce(all.stream().limit(ControlLimits.NODES_MAX).toList());
    return count;
  }

  /** Where media servers dial this node, or null if that was not said and cannot be guessed. */
  private @Nullable URI control(int linkPort) {
    Optional<URI> said = settings.value(SessionSettings.LINK_URL);
    InetAddress address = settings.value(SessionSettings.LINK_ADDRESS);
    if (said.isPresent() || address.isAnyLocalAddress()) {
      return said.orElse(null);
    }
    boolean hasTls = settings.value(SessionSettings.CONTROL_CERTIFICATE).isPresent();
    String host = address.getHostAddress();
    return URI.create(
        (hasTls ? "wss://" : "ws://")
            + (host.contains(":") ? "[" + host + "]" : host)
            + ":"
            + linkPort
            + "/control");
  }
}
