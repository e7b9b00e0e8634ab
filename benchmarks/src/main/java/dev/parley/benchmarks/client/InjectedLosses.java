package dev.parley.benchmarks.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which packets clients lost on purpose on their way to the server. A gap in a forwarded stream
 * where such a packet would have been is no loss of the server's: it never had it. Any thread; each
 * client writes its own.
 */
final class InjectedLosses {
  /** Packets remembered for each talker: over a minute. */
  static final int WINDOW = 4_096;

  private final Map<Integer, AtomicLongArray> lostByTalker = new ConcurrentHashMap<>();

  /**
   * Notes what becomes of a packet, before it or one after it is sent.
   *
   * @param talker the client's number
   * @param count of packets before it, as in its {@link PacketStamp}
   */
  void note(int talker, int count, boolean isLost) {
    AtomicLongArray lost =
        lostByTalker.computeIfAbsent(talker, _ -> new AtomicLongArray(WINDOW / Long.SIZE));
    int word = (count & (WINDOW - 1)) / Long.SIZE;
    long bit = 1L << count;
    // One writer: the talker's own loop.
    lost.set(word, isLost ? lost.get(word) | bit : lost.get(word) & ~bit);
  }

  boolean isLost(int talker, int count) {
    AtomicLongArray lost = lostByTalker.get(talker);
    return lost != null && (lost.get((count & (WINDOW - 1)) / Long.SIZE) & 1L << count) != 0;
  }
}
