package dev.parley.common.control;

import java.net.URI;
import java.util.List;

/**
 * The session tier's answer to {@link Hello}.
 *
 * @param node names the session node at the other end
 * @param heartbeatMs how often the server is to send {@link Heartbeat}
 * @param leaseMs without a beat for this long, the session tier places nobody here
 * @param nodes control addresses of all session nodes; the server keeps a link to each
 */
public record Welcome(String node, int protocol, long heartbeatMs, long leaseMs, List<URI> nodes)
    implements SessionMessage {
  public Welcome {
    Ranges.requireToken(node, "node");
    Ranges.requireAtLeast(1, protocol, "protocol");
    Ranges.requireAtLeast(1, heartbeatMs, "heartbeatMs");
    Ranges.requireAtLeast(1, leaseMs, "leaseMs");
    if (nodes.size() > ControlLimits.NODES_MAX) {
      throw new IllegalArgumentException("too many nodes: " + nodes.size());
    }
    nodes = List.copyOf(nodes);
  }
}
