package dev.parley.session.media;

import dev.parley.session.conference.MediaServer;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Incarnations that may not come back, the newest of them: the store remembers all, this only saves
 * asking it. Not thread-safe.
 */
final class FencedServers {
  private static final int COUNT_MAX = 4096;

  private final LinkedHashMap<String, Why> servers = new LinkedHashMap<>();

  /** Why an incarnation may not come back. */
  enum Why {
    /** Another incarnation has its place. */
    SUPERSEDED,
    /** It was given up while it was not heard of. */
    GIVEN_UP
  }

  /** Remembers it; what was said first of it stays. */
  void remember(MediaServer server, Why why) {
    if (servers.size() >= COUNT_MAX) {
      servers.pollFirstEntry();
    }
    servers.putIfAbsent(key(server), why);
  }

  @Nullable Why why(MediaServer server) {
    return servers.get(key(server));
  }

  private static String key(MediaServer server) {
    return server.server() + " " + server.incarnation();
  }
}
