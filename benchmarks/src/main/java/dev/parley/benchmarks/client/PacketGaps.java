package dev.parley.benchmarks.client;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Time between the packets of one stream while somebody sends it: 20 ms if all is well, more where
 * packets are lost or late. Silence that was not sent does not count, which shows by a timestamp
 * that runs ahead of the sequence numbers. Owner: the client loop.
 */
final class PacketGaps {
  static final long HIGHEST_US = TimeUnit.SECONDS.toMicros(60);
  static final int DIGITS = 2;

  private static final int PACKET_TICKS = 960;
  private static final int TICKS_PER_MILLI = 48;

  private final Histogram gapUs = new Histogram(HIGHEST_US, DIGITS);
  private boolean started;
  private int highest;
  private int lastTimestampTicks;
  private long lastNs;

  /** One packet; those that come after a later one change nothing. */
  void onPacket(int sequenceNumber, int timestampTicks, long nowNs) {
    int ahead = (short) (sequenceNumber - highest);
    if (started && ahead <= 0) {
      return;
    }
    if (started) {
      int unsentTicks = Math.max(0, timestampTicks - lastTimestampTicks - ahead * PACKET_TICKS);
      long unsentNs = TimeUnit.MILLISECONDS.toNanos(unsentTicks / TICKS_PER_MILLI);
      gapUs.recordValue(Math.clamp((nowNs - lastNs - unsentNs) / 1_000, 0, HIGHEST_US));
    }
    started = true;
    highest = sequenceNumber;
    lastTimestampTicks = timestampTicks;
    lastNs = nowNs;
  }

  Histogram gapUs() {
    return gapUs;
  }
}
