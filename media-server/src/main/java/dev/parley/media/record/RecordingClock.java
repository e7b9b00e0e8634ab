package dev.parley.media.record;

/**
 * Turns a process's times into positions in a recording: samples at 48 kHz since it began, pauses
 * left out. Owned by one thread.
 */
final class RecordingClock {
  private static final long NS_PER_TICK = 20_000_000L;
  private static final int SAMPLES_PER_TICK = 960;

  private boolean hasBegun;
  private boolean isPaused;
  private long beganNs;
  private long pausedNs;
  private int lastTicks;
  private long mixedTicks;
  private long pausedTicks;

  /** Position 0 is here. */
  void begin(long timeNs, int mixTimestampTicks) {
    hasBegun = true;
    beganNs = timeNs;
    lastTicks = mixTimestampTicks;
    mixedTicks = 0;
  }

  /** Where the mix of a tick begins: the mixer's clock stands at its end. */
  long mixed(int mixTimestampTicks) {
    return elapsed(mixTimestampTicks) - SAMPLES_PER_TICK;
  }

  private long elapsed(int mixTimestampTicks) {
    mixedTicks += mixTimestampTicks - lastTicks;
    lastTicks = mixTimestampTicks;
    return mixedTicks;
  }

  /** Position of a time; while it is paused, of where that was. */
  long at(long timeNs) {
    return Math.max(0, samples((isPaused ? pausedNs : timeNs) - beganNs));
  }

  /**
   * Position of a mark, by the mixer's clock; by the wall's if the mixer stood still, for nobody
   * was there.
   */
  long mark(long timeNs, int mixTimestampTicks) {
    long byMixer = isPaused ? pausedTicks : elapsed(mixTimestampTicks);
    long byWall = at(timeNs);
    return byWall - byMixer > 2 * SAMPLES_PER_TICK ? byWall : byMixer;
  }

  void pause(long timeNs, int mixTimestampTicks) {
    pausedTicks = elapsed(mixTimestampTicks);
    pausedNs = timeNs;
    isPaused = true;
  }

  void resume(long timeNs, int mixTimestampTicks) {
    if (isPaused) {
      isPaused = false;
      beganNs += timeNs - pausedNs;
      lastTicks = mixTimestampTicks;
      mixedTicks = pausedTicks;
    }
  }

  boolean isPaused() {
    return isPaused;
  }

  boolean hasBegun() {
    return hasBegun;
  }

  private static long samples(long ns) {
    return ns / NS_PER_TICK * SAMPLES_PER_TICK + ns % NS_PER_TICK * SAMPLES_PER_TICK / NS_PER_TICK;
  }
}
