package dev.parley.session.placement;

import dev.parley.common.control.ServerLoad;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;

/**
 * A live media server that might take a new conference.
 *
 * @param participantsMax how many participants it admits at most
 * @param pending what its load cannot know of yet
 * @param weight how often it is drawn, more than 0.0 to 1.0; less than 1.0 while it is new
 */
public record Candidate(
    ServerId server,
    String incarnation,
    Region region,
    ServerLoad load,
    int participantsMax,
    Pending pending,
    double weight) {

  /** Conferences grow after they are placed: until the load shows it, each counts as this many. */
  private static final int PARTICIPANTS_EXPECTED = 3;

  /** Above this share of the processors a mix tick may come late. */
  private static final double CPU_MAX = 0.9;

  /** What a conference not yet in the load will cost, whatever the server is shortest of. */
  private static final double PLACED_COST = 0.01;

  /** The same of a participant more in a conference that is there. */
  private static final double JOIN_COST = 0.0025;

  private static final double RING_FILL_MAX = 0.75;

  public Candidate {
    if (!(weight > 0 && weight <= 1)) {
      throw new IllegalArgumentException("weight is out of range: " + weight);
    }
  }

  /**
   * What was sent to a server since it last told its load.
   *
   * @param conferences that were placed on it
   * @param joins participants it was asked to admit to whatever conference
   */
  public record Pending(int conferences, int joins) {
    /** Nothing. */
    public static final Pending NONE = new Pending(0, 0);
  }

  /** True if a conference more would not hurt those that are there. */
  public boolean hasRoom() {
    return !load.draining()
        && load.cpu() < CPU_MAX
        && load.ringFill() < RING_FILL_MAX
        && participantsExpected() < participantsMax;
  }

  /** How many more people it takes. */
  public int seatsLeft() {
    return hasRoom() ? (int) (participantsMax - participantsExpected()) : 0;
  }

  /** True if it takes one more into a conference that it has. */
  public boolean takesOneMore() {
    return participantsExpected() < participantsMax;
  }

  /** How busy the server is, 0.0 to about 1.0: by what it is shortest of. */
  public double score() {
    double seats = (double) participantsExpected() / participantsMax;
    double late = load.lateTicksPerSecond() > 0 ? CPU_MAX : 0;
    double reported = Math.max(Math.max(seats, load.cpu()), Math.max(load.ringFill(), late));
    return reported + pending.conferences() * PLACED_COST + pending.joins() * JOIN_COST;
  }

  private long participantsExpected() {
    // Who opens a conference is a join, too.
    return load.participants()
        + Math.max((long) pending.conferences() * PARTICIPANTS_EXPECTED, pending.joins());
  }
}
