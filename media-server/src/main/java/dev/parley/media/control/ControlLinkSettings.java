package dev.parley.media.control;

import static java.util.Objects.requireNonNull;

import dev.parley.common.control.ControlLimits;
import dev.parley.common.control.Hello;
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
 * @param probes where this server answers probes, see {@link Hello#probes}
 * @param door where it takes offers from clients themselves, see {@link Hello#door}
 */
public record ControlLinkSettings(
    ServerId server,
    String incarnation,
    Region region,
    String softwareVersion,
    int participantsMax,
    List<URI> nodes,
    @Nullable MutualTls tls,
    List<String> probes,
    @Nullable URI door) {
  public ControlLinkSettings {
    requireNonNull(server, "server");
    requireNonNull(region, "region");
    nodes = List.copyOf(nodes);
    probes = List.copyOf(probes);
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

  /** The settings of a server that answers no probes and has no door. */
  public ControlLinkSettings(
      ServerId server,
      String incarnation,
      Region region,
      String softwareVersion,
      int participantsMax,
      List<URI> nodes,
      @Nullable MutualTls tls) {
    this(
        server, incarnation, region, softwareVersion, participantsMax, nodes, tls, List.of(), null);
  }

  /** Returns the same of a server that answers probes there. */
  public ControlLinkSettings answeringProbesAt(List<String> addresses) {
    return new ControlLinkSettings(
        server, incarnation, region, softwareVersion, participantsMax, nodes, tls, addresses, door);
  }

  /** Returns the same of a server with a door there, or without one if that is null. */
  public ControlLinkSettings withDoorAt(@Nullable URI url) {
    return new ControlLinkSettings(
        server, incarnation, region, softwareVersion, participantsMax, nodes, tls, probes, url);
  }
}
