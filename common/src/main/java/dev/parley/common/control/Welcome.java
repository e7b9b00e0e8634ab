package dev.parley.common.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.util.List;
import java.util.Objects;

/**
 * The session tier's answer to {@link Hello}.
 *
 * @param node names the session node at the other end
 * @param heartbeatMs how often the server is to send {@link Heartbeat}
 * @param leaseMs without a beat for this long, the session tier places nobody here
 * @param nodes control addresses of all session nodes; the server keeps a link to each
 * @param ticketKeys the keys of the server's region by which it is to check media tickets, instead
 *     of all that it was told before; none if it has no door, or the node is of an older version
 */
public record Welcome(
    String node,
    int protocol,
    long heartbeatMs,
    long leaseMs,
    List<URI> nodes,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<TicketKey> ticketKeys)
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
    ticketKeys = List.copyOf(Objects.requireNonNullElse(ticketKeys, List.of()));
    if (ticketKeys.size() > TicketKey.COUNT_MAX) {
      throw new IllegalArgumentException("too many ticket keys: " + ticketKeys.size());
    }
  }

  /** The answer to a server without a door. */
  public Welcome(String node, int protocol, long heartbeatMs, long leaseMs, List<URI> nodes) {
    this(node, protocol, heartbeatMs, leaseMs, nodes, List.of());
  }

  /** Returns it with other nodes and keys. */
  public Welcome with(List<URI> otherNodes, List<TicketKey> otherKeys) {
    return new Welcome(node, protocol, heartbeatMs, leaseMs, otherNodes, otherKeys);
  }
}
