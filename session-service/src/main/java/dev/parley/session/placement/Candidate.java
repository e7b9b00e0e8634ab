package dev.parley.session.placement;

import dev.parley.common.control.ServerLoad;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;

/**
 * A live media server that might take a new conference.
 *
 * @param participantsMax how many participants it admits at most
 * @param placedSinceLoad conferences and participants sent there that its load cannot know of yet
 */
public record Candidate(
    ServerId server,
    String incarnation,
    Region region,
    ServerLoad load,
    int participantsMax,
    int placedSinceLoad) {

  /** Conferences grow after they are placed: until the load shows it, each counts as this many. */
  private static final int PARTICIPANTS_EXPECTED = 3;

  /** Above this share of the processors a mix tick may come late. */
  private static final double CPU_MAX = 0.9;

  /** What a conference not yet in the load will cost, whatever the server is shortest of. */
  private static final double PLACED_COST = 0.01;

  private static final double RING_FILL_MAX = 0.75;

  /** True if a conference more would not hurt those that are there. */
  boolean hasRoom() {
    return !load.draining()
        && load.cpu() < CPU_MAX
        && load.ringFill() < RING_FILL_MAX
        && participantsExpected() < participantsMax;
  }

  /** How busy the server is, 0.0 to about 1.0: by what it is shortest of. */
  double score() {
    double seats = (double) participantsExpected() / participantsMax;
    double late = load.lateTicksPerSecond() > 0 ? CPU_MAX : 0;
    double reported = Math.max(Math.max(seats, load.cpu()), Math.max(load.ringFill(), late));
    return reported + placedSinceLoad * PLACED_COST;
  }

  private long participantsExpected() {
    return load.participants() + (long) placedSinceLoad * PARTICIPANTS_EXPECTED;
  }
}
