package dev.parley.benchmarks.client;

import dev.parley.media.rtcp.RtcpWriter;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * What one line misses, and has asked for by generic NACK (RFC 4585 section 6.2.1): at once when a
 * gap shows, and again while it is worth it. Owner: the client loop.
 */
final class LostPacketRequests {
  /** A server keeps no more for us; what is older is not asked for. */
  static final int WINDOW = 64;

  /** Packets whose coming is still noticed, however late. */
  private static final int MEMORY = 1_024;

  /** Beyond this jump the stream counts as a new one (RFC 3550 appendix A.1). */
  private static final int DROPOUT_MAX = 3_000;

  private static final int TRIES_MAX = 5;
  private static final int BITMASK_LENGTH = 16;

  /** Longer than a round trip on most networks, or the answer to the last one is still coming. */
  private static final long AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(50);

  /** 0: not missing; otherwise one more than how often it was asked for. */
  private final byte[] tries = new byte[MEMORY];

  private final long[] askNs = new long[WINDOW];
  private boolean started;
  private int highest;
  private boolean isAsking;
  private long dueNs;
  private long missed;
  private long asked;
  private long cameAgain;
  private long cameUnasked;

  /** One authentic packet arrived. */
  void onPacket(int sequenceNumber, long nowNs) {
    int ahead = (short) (sequenceNumber - highest);
    if (!started || ahead > DROPOUT_MAX || ahead < -DROPOUT_MAX) {
      started = true;
      isAsking = false;
      highest = sequenceNumber;
      Arrays.fill(tries, (byte) 0);
    } else if (ahead > 0) {
      for (int i = 1; i < ahead; i++) {
        miss(highest + i, nowNs);
      }
      highest = sequenceNumber;
      tries[sequenceNumber & (MEMORY - 1)] = 0;
    } else if (ahead > -MEMORY) {
      came(sequenceNumber & (MEMORY - 1));
    }
  }

  private void miss(int sequenceNumber, long nowNs) {
    missed++;
    tries[sequenceNumber & (MEMORY - 1)] = 1;
    askNs[sequenceNumber & (WINDOW - 1)] = nowNs;
    isAsking = true;
    dueNs = nowNs;
  }

  private void came(int place) {
    if (tries[place] > 1) {
      cameAgain++;
    } else if (tries[place] == 1) {
      cameUnasked++;
    }
    tries[place] = 0;
  }

  boolean isDue(long nowNs) {
    return isAsking && nowNs - dueNs >= 0;
  }

  /** When {@link #write} is due; far away if nothing is missing. */
  long dueNs(long nowNs) {
    return isAsking ? dueNs : nowNs + TimeUnit.DAYS.toNanos(1);
  }

  /** Appends what is to be asked for now. Returns false if that is nothing. */
  boolean write(RtcpWriter writer, int senderSsrc, int mediaSsrc, long nowNs) {
    boolean isWritten = false;
    int first = -1;
    int bitmask = 0;
    isAsking = false;
    for (int back = WINDOW - 1; back > 0; back--) {
      int sequenceNumber = highest - back & 0xFFFF;
      if (!takeDue(sequenceNumber, nowNs)) {
        continue;
      }
      int after = first < 0 ? 0 : sequenceNumber - first & 0xFFFF;
      if (first >= 0 && after <= BITMASK_LENGTH) {
        bitmask |= 1 << after - 1;
      } else {
        if (first >= 0) {
          writer.nack(senderSsrc, mediaSsrc, first, bitmask);
        }
        first = sequenceNumber;
        bitmask = 0;
      }
      isWritten = true;
    }
    if (first >= 0) {
      writer.nack(senderSsrc, mediaSsrc, first, bitmask);
    }
    return isWritten;
  }

  /** True if the packet is to be asked for now; notes when it, or the next, is due again. */
  private boolean takeDue(int sequenceNumber, long nowNs) {
    int place = sequenceNumber & (MEMORY - 1);
    int slot = sequenceNumber & (WINDOW - 1);
    if (tries[place] == 0 || tries[place] > TRIES_MAX) {
      return false;
    }
    boolean isDue = nowNs - askNs[slot] >= 0;
    if (isDue) {
      asked += tries[place] == 1 ? 1 : 0;
      tries[place]++;
      askNs[slot] = nowNs + AGAIN_NS;
    }
    if (tries[place] <= TRIES_MAX && (!isAsking || askNs[slot] - dueNs < 0)) {
      isAsking = true;
      dueNs = askNs[slot];
    }
    return isDue;
  }

  /** The figures so far. */
  RepairFigures figures() {
    return new RepairFigures(missed, asked, cameAgain, missed - cameAgain - cameUnasked);
  }
}
