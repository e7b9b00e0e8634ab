package dev.parley.media.transport;

import dev.parley.media.packet.Limits;

/**
 * When a media thread may be deaf to its sockets: while nobody is forwarded anything, packets wait
 * for a mix's tick anyway, so that a thread with much to read need not wake for each. It reads
 * before each tick and, where the kernel stamps what comes, seldom in between. What else comes by
 * the socket, such as a check, waits as long. Owned by one event loop.
 */
final class ReadRest {
  /** From one read to the next: little beside a network's jitter. */
  static final long REST_NS = 2_000_000L;

  /** The same where packets are timed by the kernel: little beside a check's round trip. */
  static final long LONG_REST_NS = 10_000_000L;

  /** What one rest may bring, so that a small socket buffer holds it: about 100 kB. */
  static final int DATAGRAMS_PER_REST_MAX = 128;

  /** After what must not wait long, in which the next does not either. */
  static final long BRISK_NS = 1_000_000_000L;

  /** What a read must bring to be worth the rest before it. */
  private static final int DATAGRAMS_MIN = 2;

  private final AgentRings[] agents;
  private boolean mayRestLong;
  private boolean isBusy;
  private long lastReadNs;
  private long restNs = REST_NS;
  private long briskUntilNs;

  ReadRest(AgentRings[] agents, long nowNs) {
    this.agents = agents;
    lastReadNs = nowNs - REST_NS;
    briskUntilNs = nowNs;
  }

  /** Packets are timed by the kernel, however late they are read. */
  void mayRestLong() {
    mayRestLong = true;
  }

  /** Somebody is joining, whose handshake goes back and forth. */
  void onHandshake(long nowNs) {
    briskUntilNs = nowNs + BRISK_NS;
  }

  /** Something came that the kernel does not time, so that its wait is taken for the network's. */
  void onUntimed(long nowNs) {
    briskUntilNs = nowNs + BRISK_NS;
  }

  /** Hears of a read that has just ended, and how many datagrams it brought. */
  void onRead(int datagrams, long nowNs) {
    long sinceNs = nowNs - lastReadNs;
    boolean cameSoon = sinceNs < REST_NS / DATAGRAMS_MIN;
    isBusy = cameSoon || datagrams >= DATAGRAMS_MIN;
    lastReadNs = nowNs;
    if (datagrams >= Limits.DATAGRAMS_PER_READ_MAX) {
      // There is more.
      restNs = 0;
    } else if (!mayRestLong || briskUntilNs - nowNs > 0) {
      restNs = REST_NS;
    } else {
      long untilFullNs = sinceNs / datagrams * DATAGRAMS_PER_REST_MAX;
      restNs = Math.clamp(untilFullNs, REST_NS, LONG_REST_NS);
    }
  }

  /** Nanoseconds until the next read is worth while; 0 or less if sockets are to be waited for. */
  long untilReadNs(long nowNs) {
    if (!isBusy) {
      return 0;
    }
    for (AgentRings agent : agents) {
      if (agent.wake().isPrompt()) {
        return 0;
      }
    }
    return lastReadNs + restNs - nowNs;
  }
}
