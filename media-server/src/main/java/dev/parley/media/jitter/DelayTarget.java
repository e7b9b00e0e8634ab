package dev.parley.media.jitter;

/**
 * Learns how much later than the fastest packets a stream's packets arrive, and from it how long to
 * hold them. Owned by one thread (a mix agent). All in ticks of 48 kHz.
 *
 * <p>The transit of a packet is its arrival minus its timestamp, on clocks with an unknown offset:
 * only differences mean something. The fastest of the last 5 to 10 s is the base, so a sender's
 * clock that runs fast or slow by 0.01 % moves the base along. What the others need beyond the base
 * goes into a histogram that forgets with a time constant of about 10 s of packets; the target
 * covers 97 % of it.
 */
final class DelayTarget {
  static final int TICKS_PER_MS = 48;
  static final int MIN_TICKS = 10 * TICKS_PER_MS;
  static final int START_TICKS = 20 * TICKS_PER_MS;
  static final int MAX_TICKS = 200 * TICKS_PER_MS;

  /**
   * A transit this far from the base means that timestamps or network have changed for good: begin
   * anew.
   */
  static final int REBASE_TICKS = 1_000 * TICKS_PER_MS;

  private static final int BUCKET_TICKS = 5 * TICKS_PER_MS;
  private static final int BUCKETS = MAX_TICKS / BUCKET_TICKS;
  private static final float KEPT_PER_PACKET = 0.998f;
  private static final float COVERED = 0.97f;
  private static final int WINDOW_TICKS = 5_000 * TICKS_PER_MS;

  private final float[] histogram = new float[BUCKETS];
  private long currentMin;
  private long previousMin;
  private long windowEndTicks;
  private boolean isEmpty = true;
  private int ticks = START_TICKS;

  DelayTarget() {
    histogram[START_TICKS / BUCKET_TICKS - 1] = 1f;
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
    learn(transitTicks - baseTicks());
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
    isEmpty = false;
  }

  private void learn(long neededTicks) {
    int bucket = (int) Math.min(BUCKETS - 1, neededTicks / BUCKET_TICKS);
    for (int i = 0; i < BUCKETS; i++) {
      histogram[i] *= KEPT_PER_PACKET;
    }
    histogram[bucket] += 1f - KEPT_PER_PACKET;
    float covered = 0f;
    int index = 0;
    while (index < BUCKETS - 1 && (covered += histogram[index]) < COVERED) {
      index++;
    }
    ticks = Math.max(MIN_TICKS, (index + 1) * BUCKET_TICKS);
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
   * How long after the fastest possible arrival a sample is to be played, {@link
   * #MIN_TICKS}..{@link #MAX_TICKS}.
   */
  int ticks() {
    return ticks;
  }
}
