package dev.parley.benchmarks.client;

import dev.parley.media.rtcp.ReceptionStatistics;
import dev.parley.media.rtp.RtpPacket;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/** One stream received on one line of the answer, and its figures. Owner: the client loop. */
final class ReceivedLine {
  /** A pause longer than this is heard: three packets late behind a jitter buffer of 60 ms. */
  private static final long GAP_NS = TimeUnit.MILLISECONDS.toNanos(80);

  private static final int TICKS_PER_MILLI = 48;
  private static final long HIGHEST_LATENCY_US = TimeUnit.SECONDS.toMicros(10);

  private final int ssrc;
  private final SequenceTally tally = new SequenceTally();
  private final ReceptionStatistics statistics = new ReceptionStatistics();
  private final Histogram latencyUs = new Histogram(HIGHEST_LATENCY_US, 3);
  private final LineLosses losses;
  private final LostPacketRequests requests = new LostPacketRequests();
  private final PacketGaps packetGaps = new PacketGaps();
  private final @Nullable HeardSound sound;
  private long firstNs;
  private long lastNs;
  private int lastTimestampTicks;
  private long gaps;
  private long longestGapNs;
  private long stamped;
  private int lastTalker;
  private int lastCsrc;

  ReceivedLine(int ssrc, @Nullable HeardSound sound, @Nullable InjectedLosses injected) {
    this.ssrc = ssrc;
    this.losses = new LineLosses(injected);
    this.sound = sound;
    statistics.reset(ssrc);
  }

  /** One authentic packet of this stream. */
  void onPacket(RtpPacket packet, MutableDirectBuffer buffer, long nowNs) {
    tally.onPacket(packet.sequenceNumber());
    requests.onPacket(packet.sequenceNumber(), nowNs);
    packetGaps.onPacket(packet.sequenceNumber(), packet.timestampTicks(), nowNs);
    statistics.onPacket(packet.sequenceNumber(), packet.timestampTicks(), nowNs);
    if (firstNs == 0) {
      firstNs = nowNs;
    } else {
      noteGap(packet.timestampTicks(), nowNs);
    }
    lastNs = nowNs;
    lastTimestampTicks = packet.timestampTicks();
    lastCsrc = packet.csrcCount() > 0 ? packet.csrc(0) : 0;
    long stamp = stampOf(packet, buffer);
    losses.onPacket(packet.sequenceNumber(), stamp);
    if (stamp != LineLosses.NO_STAMP) {
      stamped++;
      int end = packet.payloadOffset() + packet.payloadLength();
      lastTalker = PacketStamp.talker(buffer, end);
      long latency = (nowNs - PacketStamp.intendedNs(buffer, end)) / 1_000;
      latencyUs.recordValue(Math.clamp(latency, 0, HIGHEST_LATENCY_US));
    }
    if (sound != null) {
      sound.onPayload(buffer, packet.payloadOffset(), packet.payloadLength());
    }
  }

  /** The server delivered it, and we lost it on purpose. */
  void onInjectedLoss(RtpPacket packet, MutableDirectBuffer buffer) {
    losses.onInjectedLoss(packet.sequenceNumber(), stampOf(packet, buffer));
  }

  private static long stampOf(RtpPacket packet, MutableDirectBuffer buffer) {
    int end = packet.payloadOffset() + packet.payloadLength();
    return PacketStamp.isPresent(buffer, packet.payloadOffset(), packet.payloadLength())
        ? LineLosses.stamp(PacketStamp.talker(buffer, end), PacketStamp.count(buffer, end))
        : LineLosses.NO_STAMP;
  }

  /**
   * Time without a packet beyond what the media clock says should have passed: silence that was not
   * sent.
   */
  private void noteGap(int timestampTicks, long nowNs) {
    long mediaNs =
        TimeUnit.MILLISECONDS.toNanos((timestampTicks - lastTimestampTicks) / TICKS_PER_MILLI);
    long pauseNs = nowNs - lastNs - Math.max(0, mediaNs);
    longestGapNs = Math.max(longestGapNs, pauseNs);
    if (pauseNs > GAP_NS) {
      gaps++;
    }
  }

  void onSenderReport(long ntpTimestamp, long nowNs) {
    statistics.onSenderReport(ntpTimestamp, nowNs);
  }

  int ssrc() {
    return ssrc;
  }

  SequenceTally tally() {
    return tally;
  }

  ReceptionStatistics statistics() {
    return statistics;
  }

  LineLosses losses() {
    return losses;
  }

  LostPacketRequests requests() {
    return requests;
  }

  PacketGaps packetGaps() {
    return packetGaps;
  }

  /** From the intended time of sending to the receiving socket, of stamped (forwarded) packets. */
  Histogram latencyUs() {
    return latencyUs;
  }

  @Nullable HeardSound sound() {
    return sound;
  }

  boolean hasStarted() {
    return firstNs != 0;
  }

  long firstNs() {
    return firstNs;
  }

  long lastNs() {
    return lastNs;
  }

  long gaps() {
    return gaps;
  }

  long longestGapNs() {
    return longestGapNs;
  }

  long stamped() {
    return stamped;
  }

  int lastTalker() {
    return lastTalker;
  }

  int lastCsrc() {
    return lastCsrc;
  }
}
