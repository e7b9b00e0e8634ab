package dev.parley.session.conference;

import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The media servers as conferences see them. All methods may be called from any thread; {@link
 * #order} blocks, so callers run on virtual threads.
 */
public interface MediaServers {

  /**
   * Returns the server on which a new conference is best placed, or null if none has room.
   *
   * @param excluded servers that were just asked and said no
   */
  @Nullable MediaServer choose(Set<MediaServer> excluded);

  /**
   * Sends an order about one conference and waits for the answer, for a bounded time. The adapter
   * gives the order its command id and repeats it on another link if one breaks, so that the server
   * applies it once. No answer in time, no link, and another incarnation in the server's place are
   * all {@link MediaAnswer.Unreachable}: the order may or may not have been carried out.
   */
  MediaAnswer order(MediaServer server, ConferenceId conference, long epoch, Order order);

  /** What other session nodes see of media servers, whether this node does or not. */
  default Sightings elsewhere() {
    return Sightings.NONE;
  }
}
