package dev.parley.media.control;

import java.util.concurrent.TimeUnit;

/** How long the control link waits for what. */
final class LinkTimes {
  /** From dialling to the node's welcome. */
  static final long GREETING_NS = TimeUnit.SECONDS.toNanos(5);

  /** Without a pong or any frame for this long the node is gone, whatever TCP thinks. */
  static final long SILENCE_NS = TimeUnit.MILLISECONDS.toNanos(3500);

  /** A frame the node's socket does not take in this time ends the link. */
  static final long SEND_NS = TimeUnit.SECONDS.toNanos(5);

  /** Reports not acknowledged for this long are tried on another link, if one is up. */
  static final long ACKNOWLEDGE_NS = TimeUnit.SECONDS.toNanos(3);

  /** First pause before dialling again. */
  static final long RETRY_FIRST_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * Longest pause before dialling again: for so long a node that is back may have no link to this
   * server, and joins there wait. A thousand servers that dial a node which is away come one or two
   * seconds apart, each at a time of its own: five to ten in ten milliseconds.
   */
  static final long RETRY_LONGEST_NS = TimeUnit.SECONDS.toNanos(2);

  /** A link up for this long has proved itself: the next pause is the shortest again. */
  static final long PROVEN_NS = TimeUnit.SECONDS.toNanos(1);

  /** Pause before dialling a node again that we already have a link to by another address. */
  static final long DUPLICATE_NS = TimeUnit.SECONDS.toNanos(30);

  static final long HEARTBEAT_DEFAULT_MS = 1000;
  static final long HEARTBEAT_MIN_MS = 100;
  static final long HEARTBEAT_MAX_MS = 10_000;

  private LinkTimes() {}
}
