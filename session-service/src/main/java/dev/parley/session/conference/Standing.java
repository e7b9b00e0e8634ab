package dev.parley.session.conference;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a participant asks of the others, and they do to it, and where it is. Immutable.
 *
 * @param held true while it neither hears the others nor is heard
 * @param handRaisedAt since when it asks to speak, or null if it does not
 * @param position where it is in the room, or null if nobody said
 */
public record Standing(boolean held, @Nullable Instant handRaisedAt, @Nullable Position position) {
  /** How everyone comes in. */
  public static final Standing USUAL = new Standing(false, null, null);

  boolean isHandRaised() {
    return handRaisedAt != null;
  }

  Standing withHeld(boolean wanted) {
    return new Standing(wanted, handRaisedAt, position);
  }

  Standing withHandRaised(@Nullable Instant at) {
    return new Standing(held, at, position);
  }

  Standing withPosition(Position there) {
    return new Standing(held, handRaisedAt, there);
  }
}
