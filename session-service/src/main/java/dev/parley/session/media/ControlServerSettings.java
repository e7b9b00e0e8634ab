package dev.parley.session.media;

import dev.parley.common.control.ControlLimits;
import dev.parley.common.tls.MutualTls;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where and how media servers reach this node.
 *
 * @param node names this node to media servers, 1 to 64 printable characters
 * @param address where to listen; port 0 takes any free one
 * @param tls needed unless the address is loopback
 * @param nodes control addresses of all nodes, for media servers to dial; empty if this is the only
 *     one
 * @param heartbeat how often a server tells its load
 * @param lease without a beat for this long, a server gets no new conferences
 * @param deadAfter without a link for this long, a server's calls are given up
 * @param orderTimeout how long an order may take, repetitions included
 */
public record ControlServerSettings(
    String node,
    InetSocketAddress address,
    @Nullable MutualTls tls,
    List<URI> nodes,
    Duration heartbeat,
    Duration lease,
    Duration deadAfter,
    Duration orderTimeout) {
  public ControlServerSettings {
    nodes = List.copyOf(nodes);
    if (nodes.size() > ControlLimits.NODES_MAX) {
      throw new IllegalArgumentException("more than " + ControlLimits.NODES_MAX + " nodes");
    }
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(address + " cannot be resolved");
    }
    if (tls == null && !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          address + " is not loopback: the control link needs certificates there");
    }
    if (lease.compareTo(heartbeat) <= 0) {
      throw new IllegalArgumentException("lease must be longer than heartbeat: " + lease);
    }
  }

  /** One node, no TLS, a beat each second, three and a half to the lease. */
  public static ControlServerSettings onLoopback(String node, InetSocketAddress address) {
    return new ControlServerSettings(
        node,
        address,
        null,
        List.of(),
        Duration.ofSeconds(1),
        Duration.ofMillis(3500),
        Duration.ofSeconds(30),
        Duration.ofSeconds(5));
  }
}
