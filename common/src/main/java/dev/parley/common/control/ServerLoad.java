package dev.parley.common.control;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How busy a media server is.
 *
 * @param cpu share of all cores this process used in the last second, 0.0 to 1.0
 * @param packetsPerSecond RTP packets received and sent in the last second
 * @param lateTicksPerSecond mix ticks that began more than 5 ms after they were due
 * @param ringFill the fullest ring between threads, 0.0 to 1.0
 * @param draining true when no new participant may be placed here
 * @param spool what it records; null if it records nothing, or is older than this field
 */
public record ServerLoad(
    double cpu,
    long packetsPerSecond,
    int conferences,
    int participants,
    long lateTicksPerSecond,
    double ringFill,
    boolean draining,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SpoolLoad spool) {
  @JsonCreator
  public ServerLoad {
    cpu = share(cpu);
    ringFill = share(ringFill);
    Ranges.requireAtLeast(0, packetsPerSecond, "packetsPerSecond");
    Ranges.requireAtLeast(0, conferences, "conferences");
    Ranges.requireAtLeast(0, participants, "participants");
    Ranges.requireAtLeast(0, lateTicksPerSecond, "lateTicksPerSecond");
  }

  /** The load of a server that records nothing. */
  public ServerLoad(
      double cpu,
      long packetsPerSecond,
      int conferences,
      int participants,
      long lateTicksPerSecond,
      double ringFill,
      boolean draining) {
    this(
        cpu,
        packetsPerSecond,
        conferences,
        participants,
        lateTicksPerSecond,
        ringFill,
        draining,
        null);
  }

  /**
   * Recordings on a media server.
   *
   * @param running segments being recorded
   * @param waiting segments that have ended and are still in the spool
   * @param percentUsed of the spool's share of the disk; above 100 if it is used up
   */
  public record SpoolLoad(int running, int waiting, int percentUsed) {
    public SpoolLoad {
      Ranges.requireAtLeast(0, running, "running");
      Ranges.requireAtLeast(0, waiting, "waiting");
      Ranges.requireAtLeast(0, percentUsed, "percentUsed");
    }
  }

  /** A gauge may read NaN or a little over one; neither may reach placement. */
  private static double share(double value) {
    return value >= 0 ? Math.min(value, 1) : 0;
  }
}
