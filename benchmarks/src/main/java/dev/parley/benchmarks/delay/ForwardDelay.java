package dev.parley.benchmarks.delay;

import dev.parley.benchmarks.client.PacketStamp;
import dev.parley.benchmarks.client.PacketWatch;
import dev.parley.media.rtp.RtpPacket;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.agrona.MutableDirectBuffer;

/**
 * How long a forwarded packet takes from the talker's send call to the kernel's stamp at a
 * listener's socket, at a few of the listeners. The stamp in the payload tells which packet it is.
 * Owner: the one client loop; the figures may be read when it has ended.
 */
public final class ForwardDelay implements PacketWatch {
  private static final int SAMPLED_LISTENERS = 12;
  private static final long HIGHEST_NS = TimeUnit.SECONDS.toNanos(10);

  private final int talkers;
  private final int sampleEach;
  private final LongSupplier clockNs;
  private final SendTimes sent;
  private final Histogram delayNs = new Histogram(HIGHEST_NS, 3);
  private long backwards;
  private volatile boolean hasBegun;

  /**
   * Nothing measured yet.
   *
   * @param talkers the first clients, from 0
   * @param participants all of them
   */
  public ForwardDelay(int talkers, int participants) {
    this(talkers, participants, RealTime::nowNs);
  }

  ForwardDelay(int talkers, int participants, LongSupplier clockNs) {
    this.talkers = talkers;
    this.sampleEach = Math.max(1, (participants - talkers) / SAMPLED_LISTENERS);
    this.clockNs = clockNs;
    this.sent = new SendTimes(talkers);
  }

  @Override
  public void begin() {
    hasBegun = true;
  }

  /** Spread over those who get a packet first and those who get it last. */
  @Override
  public boolean listensAt(int client) {
    return client >= talkers && (client - talkers) % sampleEach == sampleEach / 2;
  }

  @Override
  public void onSend(int talker, int count) {
    sent.onSend(talker, count, clockNs.getAsLong());
  }

  @Override
  public void onArrival(int client, RtpPacket packet, MutableDirectBuffer buffer, long arrivedNs) {
    int end = packet.payloadOffset() + packet.payloadLength();
    if (!hasBegun
        || !PacketStamp.isPresent(buffer, packet.payloadOffset(), packet.payloadLength())) {
      return;
    }
    long sentNs = sent.sentNs(PacketStamp.talker(buffer, end), PacketStamp.count(buffer, end));
    if (sentNs == 0) {
      return;
    }
    if (arrivedNs < sentNs) {
      backwards++;
    } else {
      delayNs.recordValue(Math.min(arrivedNs - sentNs, HIGHEST_NS));
    }
  }

  /** Nanoseconds. */
  public Histogram delayNs() {
    return delayNs;
  }

  /** Packets that arrived before they were sent, since the clock was set meanwhile. */
  public long backwards() {
    return backwards;
  }
}
