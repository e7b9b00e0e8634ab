package dev.parley.session.media;

import dev.parley.common.id.Region;
import dev.parley.session.conference.MediaServer;
import java.util.Set;

/** What operators want nothing new on. Immutable. */
record LeftOut(Set<MediaServer> servers, Set<Region> regions) {
  static final LeftOut NOTHING = new LeftOut(Set.of(), Set.of());

  LeftOut {
    servers = Set.copyOf(servers);
    regions = Set.copyOf(regions);
  }

  boolean contains(MediaServer server) {
    return servers.contains(server) || regions.contains(server.region());
  }
}
