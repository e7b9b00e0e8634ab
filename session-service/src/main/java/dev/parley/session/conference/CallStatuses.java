package dev.parley.session.conference;

import dev.parley.common.id.Region;
import java.time.Duration;
import java.util.List;

/**
 * The statuses of calls on their way to whoever acts on them: each goes to one session node, and to
 * another if that one does not say in time that it is done. So each is delivered at least once,
 * though not after a loss of what is held. Thread-safe.
 */
public interface CallStatuses {
  /**
   * Sends a status, unless one of that participant with this or a later number was sent already.
   * Blocks for a moment.
   *
   * @return false if it was sent already
   */
  boolean send(Region region, CallStatus status);

  /**
   * Takes statuses, the oldest first.
   *
   * @param node who takes them
   * @param wait how long to wait for the first
   */
  List<Delivery> take(Region region, String node, int countMax, Duration wait);

  /** Says that these need not be delivered again. */
  void done(Region region, List<Delivery> deliveries);

  /**
   * A status and by what name it is known to the stream.
   *
   * @param id opaque
   */
  record Delivery(String id, CallStatus status) {}
}
