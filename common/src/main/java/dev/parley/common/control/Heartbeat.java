package dev.parley.common.control;

import static java.util.Objects.requireNonNull;

/** Sent each second on every link. Three missed beats make the server suspect. */
public record Heartbeat(ServerLoad load) implements MediaMessage {
  public Heartbeat {
    requireNonNull(load, "load");
  }
}
