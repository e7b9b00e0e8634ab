package dev.parley.benchmarks.client;

/**
 * What asking for lost packets achieved. Counts of packets.
 *
 * @param missed gaps that showed when a later packet came
 * @param asked those asked for, once or more
 * @param cameAgain those that came after they were asked for
 * @param neverCame those that have not come, asked for or not
 */
public record RepairFigures(long missed, long asked, long cameAgain, long neverCame) {
  static final RepairFigures NONE = new RepairFigures(0, 0, 0, 0);

  RepairFigures plus(RepairFigures other) {
    return new RepairFigures(
        missed + other.missed,
        asked + other.asked,
        cameAgain + other.cameAgain,
        neverCame + other.neverCame);
  }
}
