package dev.parley.media.jitter;

/**
 * Learns how much later than the fastest packets a stream's packets arrive, and from it how long to
 * hold them. Owned by one thread (a mix agent). All in ticks of 48 kHz.
 *
 * <p>The transit of a packet is its arrival minus its timestamp, on clocks with an unknown offset:
 * only differences mean something. The fastest of the last 5 to 10 s is the base, so a sender's
 * clock that runs fast or slow by 0.01 % moves the base along. What the others need beyond the base
 * goes into a histogram of milliseconds that forgets; the target covers 99.5 % of it, and is never
 * less than a given minimum.
 *
 * <p>Packets that come together after a gap were held up together, and the first of them was held
 * up longest: the histogram learns from that one only, so an outage counts once however long it
 * was.
 *
 * <p>Nothing is scaled down to forget: each packet weighs more than the one before by {@link
 * #GROWTH}, which is the same. The first packets of a stream so weigh in it what their number is,
 * and what was assumed before them is gone after a hundred. The place where so much is covered is
 * kept and walks by a bucket or two, so a packet costs a few additions.
 */
final class DelayTarget {
  static final int TICKS_PER_MS = 48;
  static final int MAX_TICKS = 200 * TICKS_PER_MS;

  /** Least target unless another is set. */
  static final int MIN_DEFAULT_MS = 5;

  /**
   * A transit this far from the base means that timestamps or network have changed for good: begin
   * anew.
   */
  static final int REBASE_TICKS = 1_000 * TICKS_PER_MS;

  static final int BUCKET_TICKS = TICKS_PER_MS;
  static final int BUCKETS = MAX_TICKS / BUCKET_TICKS;

  /** A packet is half forgotten after 230 more: 4.6 s of 20 ms packets. */
  static final double GROWTH = 1 / 0.997;

  static final double COVERED = 0.995;

  /** What an unknown network is taken for at most: 20 ms. */
  private static final int START_MAX_TICKS = 20 * TICKS_PER_MS;

  /** Weights are brought back to 1 here, some 23 000 packets on; a double would last far longer. */
  private static final double WEIGHT_MAX = 1e30;

  private static final int WINDOW_TICKS = 5_000 * TICKS_PER_MS;

  private final double[] histogram = new double[BUCKETS];
  private final int minTicks;
  private double weight = 1;
  private double total = 1;

  /** The bucket in which {@link #COVERED} is reached, and what lies below it. */
  private int coveringBucket;

  private double below;
  private long currentMin;
  private long previousMin;
  private long windowEndTicks;
  private long lastArrivalTicks;
  private long lastTimestamp;
  private boolean isEmpty = true;
  private int ticks;

  /** A target of at least {@code minMs}, 0..200; of twice that, up to 20 ms, while unsure. */
  DelayTarget(int minMs) {
    minTicks = minMs * TICKS_PER_MS;
    assert minTicks >= 0 && minTicks <= MAX_TICKS : minMs;
    ticks = Math.max(minTicks, Math.min(START_MAX_TICKS, 2 * minTicks));
    coveringBucket = Math.max(0, ticks / BUCKET_TICKS - 1);
    histogram[coveringBucket] = total;
  }

  /** Takes in a packet's transit; one that cannot belong with those before sets the base anew. */
  void onTransit(long arrivalTicks, long transitTicks) {
    if (!fits(transitTicks)) {
      rebase(arrivalTicks, transitTicks);
      return;
    }
    if (arrivalTicks - windowEndTicks >= 0) {
      previousMin = currentMin;
      currentMin = transitTicks;
      windowEndTicks = arrivalTicks + WINDOW_TICKS;
    } else {
      currentMin = Math.min(currentMin, transitTicks);
    }
    if (!cameWithTheLast(arrivalTicks, arrivalTicks - transitTicks)) {
      learn(transitTicks - baseTicks());
    }
    lastArrivalTicks = arrivalTicks;
    lastTimestamp = arrivalTicks - transitTicks;
  }

  /** In under a quarter of the time in which it was sent. */
  private boolean cameWithTheLast(long arrivalTicks, long timestamp) {
    return 4 * (arrivalTicks - lastArrivalTicks) < timestamp - lastTimestamp;
  }

  /** Whether a transit can belong with the ones before. */
  boolean fits(long transitTicks) {
    long distance = transitTicks - baseTicks();
    return !isEmpty && distance >= -REBASE_TICKS && distance <= REBASE_TICKS;
  }

  private void rebase(long arrivalTicks, long transitTicks) {
    currentMin = transitTicks;
    previousMin = transitTicks;
    windowEndTicks = arrivalTicks + WINDOW_TICKS;
    lastArrivalTicks = arrivalTicks;
    lastTimestamp = arrivalTicks - transitTicks;
    isEmpty = false;
  }

  /** Takes in that a packet came so much later than the base. */
  void learn(long neededTicks) {
    weight *= GROWTH;
    if (weight > WEIGHT_MAX) {
      rescale();
    }
    int bucket = (int) Math.min(BUCKETS - 1, neededTicks / BUCKET_TICKS);
    histogram[bucket] += weight;
    total += weight;
    if (bucket < coveringBucket) {
      below += weight;
    }
    double wanted = COVERED * total;
    while (coveringBucket < BUCKETS - 1 && below + histogram[coveringBucket] < wanted) {
      below += histogram[coveringBucket++];
    }
    while (coveringBucket > 0 && below >= wanted) {
      below -= histogram[--coveringBucket];
    }
    ticks = Math.max(minTicks, (coveringBucket + 1) * BUCKET_TICKS);
  }

  /** Brings the weights back to 1; the sums are made anew, without what rounding did to them. */
  private void rescale() {
    total = 0;
    below = 0;
    for (int i = 0; i < BUCKETS; i++) {
      histogram[i] /= weight;
      total += histogram[i];
      below += i < coveringBucket ? histogram[i] : 0;
    }
    weight = 1;
  }

  /**
   * Forgets the clocks' offset, since another stream begins; what is known of the network stays.
   */
  void forgetBase() {
    isEmpty = true;
  }

  /** Transit of the fastest packets lately. */
  long baseTicks() {
    return Math.min(currentMin, previousMin);
  }

  /**
   * How long after the fastest possible arrival a packet is to be at hand, from the minimum to
   * {@link #MAX_TICKS}.
   */
  int ticks() {
    return ticks;
  }
}
