package dev.parley.common.control;

/** Sent each second on every link. Three missed beats make the server suspect. */
public record Heartbeat(ServerLoad load) implements MediaMessage {}
