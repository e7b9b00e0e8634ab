package dev.parley.session.conference;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a participant asks of the others, and they do to it, and where it is. Immutable.
 *
 * @param held true while it neither hears the others nor is heard
 * @param handRaisedAt since when it asks to speak, or null if it does not
 * @param position where it is in the room, or null if nobody said
 * @param mayBeRecorded true if it has consented to be recorded
 */
public record Standing(
    boolean held,
    @Nullable Instant handRaisedAt,
    @Nullable Position position,
    boolean mayBeRecorded) {
  /** How everyone comes in. */
  public static final Standing USUAL = new Standing(false, null, null, false);

  boolean isHandRaised() {
    return handRaisedAt != null;
  }

  Standing withHeld(boolean wanted) {
    return new Standing(wanted, handRaisedAt, position, mayBeRecorded);
  }

  Standing withHandRaised(@Nullable Instant at) {
    return new Standing(held, at, position, mayBeRecorded);
  }

  Standing withPosition(Position there) {
    return new Standing(held, handRaisedAt, there, mayBeRecorded);
  }

  Standing withConsent(boolean given) {
    return new Standing(held, handRaisedAt, position, given);
  }
}
