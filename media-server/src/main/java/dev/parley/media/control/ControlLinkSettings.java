package dev.parley.media.control;

import static java.util.Objects.requireNonNull;

import dev.parley.common.control.ControlLimits;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import dev.parley.common.tls.MutualTls;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who this server is and whom it dials.
 *
 * @param incarnation chosen at random when the process starts, 1 to 64 printable characters
 * @param participantsMax how many participants this server admits at most, up to {@link
 *     ControlLimits#PARTICIPANTS_MAX}
 * @param nodes the session nodes' addresses to begin with, such as {@code
 *     wss://session.example:8443/control}
 * @param tls needed for {@code wss}; null on loopback only
 */
public record ControlLinkSettings(
    ServerId server,
    String incarnation,
    Region region,
    String softwareVersion,
    int participantsMax,
    List<URI> nodes,
    @Nullable MutualTls tls) {
  public ControlLinkSettings {
    requireNonNull(server, "server");
    requireNonNull(region, "region");
    nodes = List.copyOf(nodes);
    if (nodes.isEmpty() || nodes.size() > ControlLimits.NODES_MAX) {
      throw new IllegalArgumentException(
          "nodes must be 1 to " + ControlLimits.NODES_MAX + ": " + nodes.size());
    }
    if (participantsMax < 1 || participantsMax > ControlLimits.PARTICIPANTS_MAX) {
      throw new IllegalArgumentException(
          "participantsMax must be 1 to "
              + ControlLimits.PARTICIPANTS_MAX
              + ": "
              + participantsMax);
    }
    for (URI node : nodes) {
      String objection = NodeAddress.objection(node, tls != null);
      if (objection != null) {
        throw new IllegalArgumentException(node + " " + objection);
      }
    }
  }
}
