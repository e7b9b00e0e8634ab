package dev.parley.media.transport;

/**
 * When a media thread may be deaf to its sockets: while nobody is forwarded anything, packets wait
 * for a mix's tick anyway, so that a thread with much to read need not wake for each. What else
 * comes by the socket, such as a check, waits as long. Owned by one event loop.
 */
final class ReadRest {
  /** From one read to the next: little beside a network's jitter. */
  static final long REST_NS = 2_000_000L;

  /** What a read must bring to be worth the rest before it. */
  private static final int DATAGRAMS_MIN = 2;

  private final AgentRings[] agents;
  private boolean isBusy;
  private long lastReadNs;

  ReadRest(AgentRings[] agents, long nowNs) {
    this.agents = agents;
    lastReadNs = nowNs - REST_NS;
  }

  /** Hears of a read that has just ended, and how many datagrams it brought. */
  void onRead(int datagrams, long nowNs) {
    boolean cameSoon = nowNs - lastReadNs < REST_NS / DATAGRAMS_MIN;
    isBusy = cameSoon || datagrams >= DATAGRAMS_MIN;
    lastReadNs = nowNs;
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
    return lastReadNs + REST_NS - nowNs;
  }
}
