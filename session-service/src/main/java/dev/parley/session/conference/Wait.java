package dev.parley.session.conference;

import dev.parley.common.id.Region;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The wait of one who is not in yet. Immutable.
 *
 * @param region in whose queue it is, or null if it waits for people and not for a server
 * @param since when it asked to come in
 * @param until when it is given up unless its client shows itself
 */
public record Wait(WaitReason reason, @Nullable Region region, Instant since, Instant until) {
  /** How long a client may be silent before it counts as gone. */
  public static final Duration SILENCE_MAX = Duration.ofSeconds(60);

  /** How often a client that is there is written down at most. */
  private static final Duration RENEWED_EACH = Duration.ofSeconds(20);

  static Wait begun(WaitReason reason, @Nullable Region region, Instant now) {
    return new Wait(reason, region, now, now.plus(SILENCE_MAX));
  }

  /** Returns it waiting for something else, since the same time. */
  Wait next(WaitReason nextReason, @Nullable Region nextRegion, Instant now) {
    return new Wait(nextReason, nextRegion, since, now.plus(SILENCE_MAX));
  }

  /** Returns true if it is time to write down that its client is there. */
  boolean wantsRenewal(Instant now) {
    return !now.isBefore(until.minus(SILENCE_MAX).plus(RENEWED_EACH));
  }

  Wait renewed(Instant now) {
    return new Wait(reason, region, since, now.plus(SILENCE_MAX));
  }
}
