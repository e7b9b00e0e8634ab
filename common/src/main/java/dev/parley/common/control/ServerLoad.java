package dev.parley.common.control;

/**
 * How busy a media server is.
 *
 * @param cpu share of all cores this process used in the last second, 0.0 to 1.0
 * @param packetsPerSecond RTP packets received and sent in the last second
 * @param lateTicksPerSecond mix ticks that began more than 5 ms after they were due
 * @param ringFill the fullest ring between threads, 0.0 to 1.0
 * @param draining true when no new participant may be placed here
 */
public record ServerLoad(
    double cpu,
    long packetsPerSecond,
    int conferences,
    int participants,
    long lateTicksPerSecond,
    double ringFill,
    boolean draining) {
  public ServerLoad {
    cpu = share(cpu);
    ringFill = share(ringFill);
    Ranges.requireAtLeast(0, packetsPerSecond, "packetsPerSecond");
    Ranges.requireAtLeast(0, conferences, "conferences");
    Ranges.requireAtLeast(0, participants, "participants");
    Ranges.requireAtLeast(0, lateTicksPerSecond, "lateTicksPerSecond");
  }

  /** A gauge may read NaN or a little over one; neither may reach placement. */
  private static double share(double value) {
    return value >= 0 ? Math.min(value, 1) : 0;
  }
}
