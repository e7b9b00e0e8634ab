package dev.parley.session.conference;

import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.Region;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The media servers as conferences see them. All methods may be called from any thread; {@link
 * #order} blocks, so callers run on virtual threads.
 */
public interface MediaServers {

  /**
   * What a conference's server must be like.
   *
   * @param excluded servers that were just asked and said no, or that it is to leave
   * @param regions where it may be, and where it had better be
   */
  record Wish(Set<MediaServer> excluded, RegionWish regions) {
    public Wish {
      excluded = Set.copyOf(excluded);
    }

    /** Any server but these. */
    public static Wish anywhere(Set<MediaServer> excluded) {
      return new Wish(excluded, RegionWish.ANYWHERE);
    }
  }

  /** Returns the server on which a new conference is best placed, or null if none has room. */
  @Nullable MediaServer choose(Wish wish);

  /** True if some live server stands where it may be, with room or without. */
  default boolean isServed(RegionWish regions) {
    return true;
  }

  /**
   * Returns whether a conference has room for one more; what is not known of a server counts as
   * room, for the server itself says no.
   *
   * @param server where the conference is, or null if it is nowhere yet
   * @param regions where it may begin
   */
  default Vacancy vacancy(@Nullable MediaServer server, RegionWish regions) {
    return Vacancy.UNKNOWN;
  }

  /** Returns how many more people the servers of each region take now, full regions too. */
  default Map<Region, Integer> seats() {
    return Map.of();
  }

  /**
   * Sends an order about one conference and waits for the answer, for a bounded time. The adapter
   * gives the order its command id and repeats it on another link if one breaks, so that the server
   * applies it once. No answer in time, no link, and another incarnation in the server's place are
   * all {@link MediaAnswer.Unreachable}: the order may or may not have been carried out.
   */
  MediaAnswer order(MediaServer server, ConferenceId conference, long epoch, Order order);

  /**
   * Returns where the server takes offers that come with a media ticket, from clients themselves;
   * null if it does not, is not known here, or was given up. It may be out of this node's reach.
   */
  default @Nullable URI door(MediaServer server) {
    return null;
  }

  /** What other session nodes see of media servers, whether this node does or not. */
  default Sightings elsewhere() {
    return Sightings.NONE;
  }

  /**
   * The incarnation was given up: it gets no orders, takes none, and is told to send everyone away
   * when it says hello. Doing it again is done too.
   */
  void fence(MediaServer server);

  /** From now on these servers, and all of these regions, are not chosen. */
  void leaveOut(Set<MediaServer> servers, Set<Region> regions);

  /** True while there is a server in doubt, for which clients' words count. */
  boolean wantsTestimony();

  /** Takes in what a client says of its media on the server. */
  void testify(MediaServer server, MediaWord word);
}
