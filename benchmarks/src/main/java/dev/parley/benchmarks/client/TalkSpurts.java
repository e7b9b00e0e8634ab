package dev.parley.benchmarks.client;

import java.util.SplittableRandom;

/**
 * When one person speaks and when not: spurts and pauses of exponentially distributed lengths, 1.2
 * and 1.8 s on average, as is usual for telephone speech after Brady (ITU-T P.59 has 1.0 and 1.6
 * s). In frames of 20 ms. Owner: the client loop.
 */
final class TalkSpurts {
  static final double SPURT_FRAMES = 60;
  static final double PAUSE_FRAMES = 90;

  private final SplittableRandom random;
  private boolean isTalking;
  private long untilFrame;

  TalkSpurts(long seed) {
    random = new SplittableRandom(seed);
    isTalking = random.nextDouble() < SPURT_FRAMES / (SPURT_FRAMES + PAUSE_FRAMES);
    untilFrame = length();
  }

  boolean isTalking() {
    return isTalking;
  }

  /** The first frame of what comes next. */
  long untilFrame() {
    return untilFrame;
  }

  /** From speech to pause, or back. */
  void change() {
    isTalking = !isTalking;
    untilFrame += length();
  }

  private long length() {
    double mean = isTalking ? SPURT_FRAMES : PAUSE_FRAMES;
    return Math.max(1, Math.round(-mean * Math.log(1 - random.nextDouble())));
  }
}
