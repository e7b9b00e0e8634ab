package dev.parley.media.conference;

/**
 * When the ticks of one conference are due: each 20 ms of its own phase, exactly, while something
 * is mixed or recorded. While all that is done is to forward, ticks only keep the order of the
 * speakers, whose measures go by the clock; then they are relaxed, for each that needs a wake-up of
 * its own costs more than what it does:
 *
 * <ul>
 *   <li>One may come half a tick sooner, with a packet, or half a tick later, waiting for one.
 *   <li>After 200 ms without a packet only each fifth is run, and the next packet brings one.
 * </ul>
 *
 * <p>Owned by one mix agent.
 */
final class TickSchedule {
  /** From one tick to the next. */
  static final long TICK_NS = 20_000_000L;

  /** How far a relaxed tick may be from its time. */
  static final long SLACK_NS = TICK_NS / 2;

  /** After so many ticks without a packet a relaxed conference rests. */
  static final int QUIET_TICKS = 10;

  /** Ticks left out while it rests. */
  static final int REST_TICKS = 4;

  /** Ticks made up for when the agent was late; more are left out. */
  private static final int LATE_TICKS_MAX = 3;

  private static final long LATE_NS = 5_000_000L;

  /** Of the phase: where the next tick belongs. */
  private long nextNs;

  /** When it is to be run at the latest. */
  private long dueNs;

  private long tickedNs;
  private int ticksWithoutPacket;
  private boolean hasPacket;
  private boolean isRelaxed;

  /** Starts at the time of the first tick, which spreads conferences over the 20 ms. */
  TickSchedule(long firstNs) {
    nextNs = firstNs;
    dueNs = firstNs;
    tickedNs = firstNs;
  }

  /** When the next tick is due at the latest. */
  long dueNs() {
    return dueNs;
  }

  /** Whether a packet has come that the next tick may be run after at once. */
  boolean isPulled(long nowNs) {
    return hasPacket && isRelaxed && nowNs - nextNs >= -SLACK_NS;
  }

  /** A packet of somebody who may be heard has come. */
  void onPacket() {
    hasPacket = true;
  }

  /** Whether the last tick is so long ago that a packet of now must not be measured from it on. */
  boolean hasRested(long nowNs) {
    return isRelaxed && nowNs - tickedNs > 2 * TICK_NS;
  }

  /** What came before has been measured up to this time, as by a tick. */
  void measured(long nowNs) {
    tickedNs = nowNs;
  }

  /** Ticks are due in time from now on: there is something to mix, or to record. */
  void beExact() {
    if (isRelaxed) {
      dueNs = nextNs;
    }
  }

  /** Lets the time pass that ticks were left out in; returns how many. */
  int catchUp(long nowNs) {
    return isRelaxed ? skip((nowNs - nextNs) / TICK_NS) : 0;
  }

  /**
   * Begins a tick; returns how many were left out before it.
   *
   * @param mustBeExact whether anything is mixed or recorded now
   */
  int begin(long nowNs, boolean mustBeExact, ConferenceCounters counters) {
    counters.increment(ConferenceCounter.TICKS);
    // One that has just become exact could not be there in time.
    long lateNs = isRelaxed && mustBeExact ? 0 : nowNs - dueNs;
    if (lateNs > LATE_NS) {
      counters.increment(ConferenceCounter.LATE_TICKS);
    }
    int skipped = catchUp(nowNs);
    if (!isRelaxed && lateNs > LATE_TICKS_MAX * TICK_NS) {
      skipped = skip(lateNs / TICK_NS);
      counters.add(ConferenceCounter.SKIPPED_TICKS, skipped);
    }
    nextNs += TICK_NS;
    return skipped;
  }

  /** Ends a tick. */
  void end(long nowNs, boolean mustBeExact) {
    tickedNs = nowNs;
    ticksWithoutPacket = hasPacket ? 0 : Math.min(ticksWithoutPacket + 1, QUIET_TICKS);
    hasPacket = false;
    isRelaxed = !mustBeExact;
    dueNs = nextNs;
    if (isRelaxed) {
      dueNs += SLACK_NS;
      dueNs += ticksWithoutPacket == QUIET_TICKS ? REST_TICKS * TICK_NS : 0;
    }
  }

  /** Sets the next tick's time after a time without anybody; returns how many there were in it. */
  int resume(long firstNs) {
    long pausedNs = Math.max(0, firstNs - nextNs);
    nextNs = firstNs;
    dueNs = firstNs;
    hasPacket = false;
    isRelaxed = false;
    return (int) (pausedNs / TICK_NS);
  }

  private int skip(long ticks) {
    int skipped = (int) Math.max(0, ticks);
    nextNs += skipped * TICK_NS;
    return skipped;
  }
}
