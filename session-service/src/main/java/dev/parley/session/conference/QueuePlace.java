package dev.parley.session.conference;

import dev.parley.common.id.Region;
import org.jspecify.annotations.Nullable;

/**
 * Where one who waits stands. Immutable.
 *
 * @param region in whose queue, or null if it waits for people and not for a server
 * @param position 1 is next
 */
public record QueuePlace(WaitReason reason, @Nullable Region region, int position) {
  /** How often a client that hears no events may ask. */
  public static final int RETRY_AFTER_SEC = 5;
}
