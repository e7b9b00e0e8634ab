package dev.parley.session.placement;

import dev.parley.session.placement.ScalingAdvice.Direction;
import dev.parley.session.placement.ScalingAdvice.Reason;
import java.util.concurrent.TimeUnit;

/**
 * Advises how many media servers a region should have, with two thresholds and two delays, so that
 * it does not swing: more as soon as it is full or when it has been busy for a minute, fewer only
 * when one fewer would have been less than half busy for ten. One thread.
 */
public final class ScalingPolicy {
  /** Busier than this on average, for a minute: more servers. */
  static final double BUSY = 0.7;

  /** So busy should servers be, on average. */
  static final double TARGET = 0.55;

  /** If those that remain would be less busy than this, for ten minutes: fewer servers. */
  static final double IDLE = 0.5;

  static final long BUSY_NS = TimeUnit.MINUTES.toNanos(1);
  static final long IDLE_NS = TimeUnit.MINUTES.toNanos(10);

  private long busySinceNs;
  private boolean isBusy;
  private long idleSinceNs;
  private boolean isIdle;

  /**
   * What a region is like.
   *
   * @param servers that take conferences
   * @param load how busy these are on average, 0.0 to about 1.0
   * @param hasRoom true if one of them might take a conference more
   * @param isWanted true if conferences are to be here though there is no server
   */
  public record Sample(int servers, double load, boolean hasRoom, boolean isWanted) {}

  /** Takes in what the region is like now. */
  public ScalingAdvice advise(Sample sample, long nowNs) {
    boolean wasBusy = isBusy;
    isBusy = sample.servers() > 0 && sample.load() > BUSY;
    busySinceNs = isBusy && wasBusy ? busySinceNs : nowNs;
    boolean wasIdle = isIdle;
    isIdle = sample.servers() > 1 && loadOfOneFewer(sample) < IDLE;
    idleSinceNs = isIdle && wasIdle ? idleSinceNs : nowNs;
    int servers = sample.servers();
    if (servers == 0) {
      return sample.isWanted()
          ? new ScalingAdvice(Direction.UP, 1, Reason.NO_SERVER)
          : new ScalingAdvice(Direction.HOLD, 0, Reason.STEADY);
    }
    if (!sample.hasRoom()) {
      return new ScalingAdvice(Direction.UP, wanted(sample), Reason.FULL);
    }
    if (isBusy && nowNs - busySinceNs >= BUSY_NS) {
      return new ScalingAdvice(Direction.UP, wanted(sample), Reason.BUSY);
    }
    if (isIdle && nowNs - idleSinceNs >= IDLE_NS) {
      return new ScalingAdvice(Direction.DOWN, servers - 1, Reason.IDLE);
    }
    return new ScalingAdvice(
        Direction.HOLD, servers, isBusy || isIdle ? Reason.SETTLING : Reason.STEADY);
  }

  /** One more at least. */
  private static int wanted(Sample sample) {
    int forTarget = (int) Math.ceil(sample.servers() * sample.load() / TARGET);
    return Math.max(sample.servers() + 1, forTarget);
  }

  private static double loadOfOneFewer(Sample sample) {
    return sample.load() * sample.servers() / (sample.servers() - 1);
  }
}
