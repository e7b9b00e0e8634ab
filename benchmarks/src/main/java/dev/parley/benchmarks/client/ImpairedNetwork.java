package dev.parley.benchmarks.client;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A bad network between clients and their server, made in the clients: what it loses, delays and
 * disorders of RTP and RTCP, on the way there and on the way back. ICE and DTLS pass. Each client
 * and direction draws from a random sequence of its own, so that the n-th packet of a client fares
 * alike in every run with the same seed. Immutable but for its account of losses; any thread.
 */
public final class ImpairedNetwork {
  private static final int PERCENT = 100;
  private static final long SEED_STEP = 0x9E37_79B9_7F4A_7C15L;

  private final double lossShare;
  private final long jitterNs;
  private final double reorderShare;
  private final long seed;
  private final InjectedLosses losses = new InjectedLosses();

  /** Which way a packet goes. */
  enum Direction {
    /** From the client to the server. */
    OUT,
    /** From the server to the client. */
    IN
  }

  /**
   * A network.
   *
   * @param lossPercent of the packets that never arrive; 0..100
   * @param jitterMs each packet is delayed by up to so much, evenly distributed; order is kept
   * @param reorderPercent of the packets that are held for {@link ImpairedPath#HELD_MS} longer, and
   *     overtaken by those after them
   * @param seed of all that is random
   */
  public ImpairedNetwork(double lossPercent, int jitterMs, double reorderPercent, long seed) {
    this.lossShare = share(lossPercent);
    this.reorderShare = share(reorderPercent);
    if (jitterMs < 0) {
      throw new IllegalArgumentException("jitter must be 0 ms or more, not " + jitterMs);
    }
    this.jitterNs = TimeUnit.MILLISECONDS.toNanos(jitterMs);
    this.seed = seed;
  }

  private static double share(double percent) {
    if (!(percent >= 0 && percent <= PERCENT)) {
      throw new IllegalArgumentException(
          "loss and reorder must be 0 to 100 percent, not " + percent);
    }
    return percent / PERCENT;
  }

  /** One client's way in one direction, at its beginning. */
  ImpairedPath path(int client, Direction direction) {
    long pathSeed = seed + SEED_STEP * (2L * client + (direction == Direction.OUT ? 1 : 2));
    return new ImpairedPath(lossShare, jitterNs, reorderShare, new SplittableRandom(pathSeed));
  }

  /** What clients' packets were lost on the way to the server. */
  InjectedLosses losses() {
    return losses;
  }
}
