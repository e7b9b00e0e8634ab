package dev.parley.common.control;

import java.util.List;

/**
 * Asks a media server whether it can reach another one that the session tier has lost sight of: by
 * a STUN Binding request (RFC 8489) to each of its probe addresses.
 *
 * @param id names the question in the {@link ProbeResult}
 * @param addresses IP literals with ports, such as {@code 203.0.113.7:3478} or {@code [::1]:3478}
 */
public record Probe(long id, List<String> addresses) implements SessionMessage {
  public Probe {
    Ranges.requireAtLeast(1, id, "id");
    addresses = Ranges.requireProbeAddresses(addresses);
  }
}
