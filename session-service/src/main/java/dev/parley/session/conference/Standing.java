package dev.parley.session.conference;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a participant asks of the others, and they of it. Immutable.
 *
 * @param handRaisedAt since when it asks to speak, or null if it does not
 */
public record Standing(@Nullable Instant handRaisedAt) {
  /** How everyone comes in. */
  public static final Standing USUAL = new Standing(null);

  boolean isHandRaised() {
    return handRaisedAt != null;
  }

  Standing withHandRaised(@Nullable Instant at) {
    return new Standing(at);
  }
}
