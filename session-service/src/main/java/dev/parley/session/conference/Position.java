package dev.parley.session.conference;

/**
 * Where a participant is in the conference's room, in metres from its middle: x to the right, y up,
 * z towards the reader, as in Web Audio. Media servers mix without space: it is for clients that
 * render forwarded talkers where they are.
 */
public record Position(double x, double y, double z) {
  /** Farther from the middle than this nobody is. */
  public static final double DISTANCE_MAX_M = 10_000;

  public Position {
    requireBounded(x);
    requireBounded(y);
    requireBounded(z);
  }

  private static void requireBounded(double coordinate) {
    // NaN is refused by this form.
    if (!(Math.abs(coordinate) <= DISTANCE_MAX_M)) {
      throw new IllegalArgumentException("coordinate out of bounds: " + coordinate);
    }
  }
}
