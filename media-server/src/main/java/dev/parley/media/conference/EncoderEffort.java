package dev.parley.media.conference;

/**
 * How hard the encoders of one mix agent work. While its thread has little time to spare, the
 * effort goes down step by step, which nobody hears at once but everybody's timing lives on; when
 * there is room again for long, it comes back. Owned by one mix agent.
 */
final class EncoderEffort {
  /** Effort goes down when the thread was busy for more than this share since the last look. */
  static final double BUSY_SHARE = 0.70;

  /** Effort may come back below this: one step more costs at most half as much again. */
  static final double CALM_SHARE = 0.40;

  /** From one look to the next: long beside a burst, short beside a listener's patience. */
  static final long LOOK_NS = 1_000_000_000L;

  /** Calm looks in a row before effort comes back, so that it does not go up and down. */
  static final int CALM_LOOKS = 10;

  private final int complexityMax;
  private final ConferenceCounters counters;
  private int complexity;
  private int calmLooks;
  private long restedNs;
  private long lookedNs;

  /**
   * Starts with full effort.
   *
   * @param complexityMax of Opus, 0..10
   */
  EncoderEffort(int complexityMax, ConferenceCounters counters, long nowNs) {
    this.complexityMax = complexityMax;
    this.counters = counters;
    complexity = complexityMax;
    lookedNs = nowNs;
    counters.add(ConferenceCounter.ENCODER_COMPLEXITY, complexity);
  }

  /** The full effort, 0..10. */
  int complexityMax() {
    return complexityMax;
  }

  /** What encoders are to be set to now, 0..10. */
  int complexity() {
    return complexity;
  }

  /** Hears of a time in which the thread had nothing to do, of no length if it had none. */
  void onRest(long startNs, long endNs) {
    restedNs += endNs - startNs;
    long sinceNs = endNs - lookedNs;
    if (sinceNs < LOOK_NS) {
      return;
    }
    look(1 - (double) restedNs / sinceNs);
    lookedNs = endNs;
    restedNs = 0;
  }

  private void look(double share) {
    calmLooks = share < CALM_SHARE ? calmLooks + 1 : 0;
    if (share > BUSY_SHARE) {
      change(stepDown(complexity));
    } else if (calmLooks == CALM_LOOKS) {
      calmLooks = 0;
      change(stepUp());
    }
  }

  private void change(int next) {
    counters.add(ConferenceCounter.ENCODER_COMPLEXITY, next - complexity);
    if (next < complexity) {
      counters.increment(ConferenceCounter.ENCODER_EFFORT_CUTS);
    }
    complexity = next;
  }

  /**
   * Where libopus changes its ways and its cost: above 5 the voice model's search, from 3 to 5
   * transient analysis, then its least.
   */
  private static int stepDown(int from) {
    if (from > 5) {
      return 5;
    }
    return from > 3 ? 3 : Math.min(from, from > 1 ? 1 : 0);
  }

  private int stepUp() {
    int next = complexityMax;
    while (stepDown(next) > complexity) {
      next = stepDown(next);
    }
    return Math.max(next, complexity);
  }
}
