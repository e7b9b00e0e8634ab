package dev.parley.session.conference;

import java.util.List;

/** The media servers and regions that the store knows of, as read at one time. Immutable. */
public record KnownFleet(List<KnownServer> servers, List<KnownRegion> regions) {
  public KnownFleet {
    servers = List.copyOf(servers);
    regions = List.copyOf(regions);
  }
}
