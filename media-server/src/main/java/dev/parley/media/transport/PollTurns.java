package dev.parley.media.transport;

/**
 * Has some of a growing list looked at each time, so that each of them is, every so many times:
 * those whose places leave the turn as remainder, whoever is added behind them. Owned by one loop.
 */
final class PollTurns {
  /** Times that it takes to look at all. */
  static final int COUNT = 4;

  private int turn;

  /** The next turn is looked at. */
  void next() {
    turn = (turn + 1) % COUNT;
  }

  /**
   * The last place of this turn in a list of so many, others {@link #COUNT} before; or negative.
   */
  int last(int count) {
    int last = count - 1;
    return last - Math.floorMod(last - turn, COUNT);
  }
}
