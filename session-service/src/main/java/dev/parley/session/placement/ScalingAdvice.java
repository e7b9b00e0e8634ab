package dev.parley.session.placement;

/**
 * How many media servers a region should have. Immutable.
 *
 * @param servers recommended; what is to be empty or gives no sign of life does not count
 */
public record ScalingAdvice(Direction direction, int servers, Reason reason) {

  /** Whether that is more than there are. */
  public enum Direction {
    UP,
    HOLD,
    DOWN
  }

  /** Why. */
  public enum Reason {
    /** Conferences want to be here, and there is no server. */
    NO_SERVER,
    /** No server has room. */
    FULL,
    /** The servers are busy, and have been for a while. */
    BUSY,
    /** Busier or idler than they should be, but not for long enough yet. */
    SETTLING,
    /** As it should be. */
    STEADY,
    /** One fewer would do, and would have for a while. */
    IDLE
  }
}
