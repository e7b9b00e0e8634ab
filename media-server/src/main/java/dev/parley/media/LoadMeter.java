package dev.parley.media;

import com.sun.management.OperatingSystemMXBean;
import dev.parley.common.control.ServerLoad;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How busy this server is, measured from one asking to the next. One thread: the control link's,
 * each second.
 */
final class LoadMeter implements Supplier<ServerLoad> {
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  /**
   * The processors' load is told as the mean of so many askings: a second in which the compilers
   * were busy says nothing of the next, and must not turn a conference away.
   */
  private static final int CPU_ASKINGS = 4;

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private final ConferenceDirectory directory;
  private final LongSupplier nanoClock;
  private final LongSupplier packets;
  private final LongSupplier lateTicks;
  private final MediaThreadLoad threads;
  private final List<RingBuffer> rings;
  private final LongSupplier usedNs;
  private final Supplier<ServerLoad.@Nullable SpoolLoad> spool;
  private final double[] cpuShares = new double[CPU_ASKINGS];
  private int askings;
  private long askedNs;
  private long usedThenNs;
  private long packetsThen;
  private long lateTicksThen;

  /**
   * A meter whose first interval begins now.
   *
   * @param packets RTP packets received and sent so far
   * @param lateTicks mix ticks begun late so far
   * @param usedNs processor time of this process so far
   * @param spool what there is of recordings; null if nothing is recorded
   */
  LoadMeter(
      ConferenceDirectory directory,
      LongSupplier nanoClock,
      LongSupplier packets,
      LongSupplier lateTicks,
      MediaThreadLoad threads,
      List<RingBuffer> rings,
      LongSupplier usedNs,
      Supplier<ServerLoad.@Nullable SpoolLoad> spool) {
    this.directory = directory;
    this.nanoClock = nanoClock;
    this.packets = packets;
    this.lateTicks = lateTicks;
    this.threads = threads;
    this.rings = List.copyOf(rings);
    this.usedNs = usedNs;
    this.spool = spool;
    this.usedThenNs = usedNs.getAsLong();
    this.askedNs = nanoClock.getAsLong();
    this.packetsThen = packets.getAsLong();
    this.lateTicksThen = lateTicks.getAsLong();
  }

  /** As the operating system accounts it; cheap, other than what Java calls the process's load. */
  static LongSupplier processorTimeNs() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return system == null ? () -> 0 : system::getProcessCpuTime;
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
            meanCpu(elapsedNs),
            perSecond(packetsNow - packetsThen, elapsedNs),
            directory.conferenceCount(),
            directory.participantCount(),
            perSecond(lateTicksNow - lateTicksThen, elapsedNs),
            fullestRing(),
            directory.isDraining(),
            spool.get());
    askedNs = nowNs;
    packetsThen = packetsNow;
    lateTicksThen = lateTicksNow;
    return load;
  }

  private double meanCpu(long elapsedNs) {
    long usedNowNs = usedNs.getAsLong();
    double share = (double) (usedNowNs - usedThenNs) / elapsedNs / PROCESSORS;
    usedThenNs = usedNowNs;
    cpuShares[askings++ % CPU_ASKINGS] = Math.clamp(share, 0, 1);
    double sum = 0;
    for (double one : cpuShares) {
      sum += one;
    }
    return sum / CPU_ASKINGS;
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
