package dev.parley.benchmarks.client;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One direction of an {@link ImpairedNetwork} for one client: says what becomes of each datagram,
 * and holds those that are delayed. Owner: the client loop.
 */
final class ImpairedPath {
  /** What {@link #releaseNs} says of a datagram that does not arrive. */
  static final long LOST = Long.MIN_VALUE;

  /** How long a reordered packet is held: longer than the 20 ms to the next. */
  static final int HELD_MS = 30;

  private static final long HELD_NS = TimeUnit.MILLISECONDS.toNanos(HELD_MS);

  /** Datagrams held at most; what comes beyond them passes at once. */
  private static final int HELD_MAX = 4_096;

  private final double lossShare;
  private final long jitterNs;
  private final double reorderShare;
  private final SplittableRandom mediaRandom;
  private final SplittableRandom controlRandom;
  private final PriorityQueue<Held> held = new PriorityQueue<>();
  private long order;
  private long lastReleaseNs = Long.MIN_VALUE;

  /**
   * A datagram on its way.
   *
   * @param order of its coming, among those due at one moment
   */
  record Held(UnsafeBuffer datagram, long releaseNs, boolean isControl, long index, long order)
      implements Comparable<Held> {
    @Override
    public int compareTo(Held other) {
      int byTime = Long.compare(releaseNs - other.releaseNs, 0);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }

    byte[] bytes() {
      return datagram.byteArray();
    }

    int length() {
      return datagram.capacity();
    }
  }

  ImpairedPath(double lossShare, long jitterNs, double reorderShare, SplittableRandom random) {
    this.lossShare = lossShare;
    this.jitterNs = jitterNs;
    this.reorderShare = reorderShare;
    this.mediaRandom = random.split();
    this.controlRandom = random.split();
  }

  /**
   * When the datagram that enters the network now leaves it, {@code nowNs} itself if it passes at
   * once, or {@link #LOST}.
   *
   * @param isControl RTCP, whose fate is drawn apart from that of RTP
   */
  long releaseNs(boolean isControl, long nowNs) {
    SplittableRandom random = isControl ? controlRandom : mediaRandom;
    // All are drawn for each packet: then one option does not change what another one hits.
    boolean isLost = random.nextDouble() < lossShare;
    double delay = random.nextDouble();
    boolean isReordered = random.nextDouble() < reorderShare;
    if (isLost) {
      return LOST;
    }
    if (held.size() >= HELD_MAX) {
      return nowNs;
    }
    long releaseNs = nowNs + Math.round(delay * jitterNs);
    if (isReordered) {
      return releaseNs + HELD_NS;
    }
    if (lastReleaseNs != Long.MIN_VALUE && releaseNs - lastReleaseNs < 0) {
      releaseNs = lastReleaseNs;
    }
    lastReleaseNs = releaseNs;
    return releaseNs;
  }

  /**
   * Keeps a copy until it is due.
   *
   * @param index of an RTP packet in its stream, or -1
   */
  void hold(byte[] bytes, int offset, int length, boolean isControl, long index, long releaseNs) {
    UnsafeBuffer copy = new UnsafeBuffer(Arrays.copyOfRange(bytes, offset, offset + length));
    held.add(new Held(copy, releaseNs, isControl, index, order++));
  }

  /** When the next one is due; far away if none is held. */
  long dueNs(long nowNs) {
    Held next = held.peek();
    return next == null ? nowNs + TimeUnit.DAYS.toNanos(1) : next.releaseNs();
  }

  boolean isDue(long nowNs) {
    Held next = held.peek();
    return next != null && nowNs - next.releaseNs() >= 0;
  }

  boolean isEmpty() {
    return held.isEmpty();
  }

  /** The next one; ask {@link #isDue} or {@link #isEmpty} first. */
  Held take() {
    return held.remove();
  }

  /** RTP packets held that come before this one in their stream. */
  int heldBefore(long index) {
    int count = 0;
    for (Held one : held) {
      count += !one.isControl() && one.index() < index ? 1 : 0;
    }
    return count;
  }
}
