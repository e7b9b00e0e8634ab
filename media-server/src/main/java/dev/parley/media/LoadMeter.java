package dev.parley.media;

import com.sun.management.OperatingSystemMXBean;
import dev.parley.common.control.ServerLoad;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * How busy this server is, measured from one asking to the next. One thread: the control link's,
 * each second.
 */
final class LoadMeter implements Supplier<ServerLoad> {
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  private final ConferenceDirectory directory;
  private final LongSupplier nanoClock;
  private final LongSupplier packets;
  private final LongSupplier lateTicks;
  private final MediaThreadLoad threads;
  private final List<RingBuffer> rings;
  private final DoubleSupplier cpu;
  private long askedNs;
  private long packetsThen;
  private long lateTicksThen;

  /**
   * A meter whose first interval begins now.
   *
   * @param packets RTP packets received and sent so far
   * @param lateTicks mix ticks begun late so far
   */
  LoadMeter(
      ConferenceDirectory directory,
      LongSupplier nanoClock,
      LongSupplier packets,
      LongSupplier lateTicks,
      MediaThreadLoad threads,
      List<RingBuffer> rings) {
    this.directory = directory;
    this.nanoClock = nanoClock;
    this.packets = packets;
    this.lateTicks = lateTicks;
    this.threads = threads;
    this.rings = List.copyOf(rings);
    this.cpu = processCpu();
    this.askedNs = nanoClock.getAsLong();
    this.packetsThen = packets.getAsLong();
    this.lateTicksThen = lateTicks.getAsLong();
  }

  private static DoubleSupplier processCpu() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return system == null ? () -> 0 : system::getProcessCpuLoad;
  }

  @Override
  public ServerLoad get() {
    threads.look();
    long nowNs = nanoClock.getAsLong();
    long elapsedNs = Math.max(nowNs - askedNs, 1);
    long packetsNow = packets.getAsLong();
    long lateTicksNow = lateTicks.getAsLong();
    ServerLoad load =
        new ServerLoad(
            Math.clamp(cpu.getAsDouble(), 0, 1),
            perSecond(packetsNow - packetsThen, elapsedNs),
            directory.conferenceCount(),
            directory.participantCount(),
            perSecond(lateTicksNow - lateTicksThen, elapsedNs),
            fullestRing(),
            directory.isDraining());
    askedNs = nowNs;
    packetsThen = packetsNow;
    lateTicksThen = lateTicksNow;
    return load;
  }

  private static long perSecond(long count, long elapsedNs) {
    return Math.round((double) count * SECOND_NS / elapsedNs);
  }

  /** Share in use of the fullest ring, 0.0 to 1.0. */
  double fullestRing() {
    double fullest = 0;
    for (RingBuffer ring : rings) {
      fullest = Math.max(fullest, (double) ring.size() / ring.capacity());
    }
    return fullest;
  }
}
