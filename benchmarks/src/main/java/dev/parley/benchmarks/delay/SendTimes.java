package dev.parley.benchmarks.delay;

/** When each talker sent its latest packets. Owner: the client loop. */
final class SendTimes {
  /** Over five minutes of packets. */
  private static final int REMEMBERED = 1 << 14;

  private final long[][] sentNs;
  private final long[] next;

  SendTimes(int talkers) {
    sentNs = new long[talkers][REMEMBERED];
    next = new long[talkers];
  }

  /** Packets are sent in order; who is no talker is not remembered. */
  void onSend(int talker, int count, long nowNs) {
    if (talker < sentNs.length) {
      sentNs[talker][count % REMEMBERED] = nowNs;
      next[talker] = count + 1L;
    }
  }

  /** Nanoseconds of {@link RealTime}; 0 if not sent yet, or too long ago. */
  long sentNs(int talker, long count) {
    if (talker < 0 || talker >= sentNs.length || count < 0) {
      return 0;
    }
    long age = next[talker] - count;
    return age > 0 && age <= REMEMBERED ? sentNs[talker][(int) (count % REMEMBERED)] : 0;
  }

  /** How many packets the talker has sent. */
  long sentBy(int talker) {
    return next[talker];
  }
}
