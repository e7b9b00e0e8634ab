package dev.parley.session.conference;

import dev.parley.common.id.Region;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * In which region a conference's media is to be. Immutable.
 *
 * @param permitted where it may be; empty if anywhere
 * @param inOrder true if the first of these that has room is meant, however far it is
 * @param near how far regions are from those who come; one that is not there is far away
 * @param host the region where it is or was until now, or null
 */
public record RegionWish(
    List<Region> permitted, boolean inOrder, List<RegionDistance> near, @Nullable Region host) {
  /** Anywhere. */
  public static final RegionWish ANYWHERE = new RegionWish(List.of(), false, List.of(), null);

  public RegionWish {
    permitted = List.copyOf(permitted);
    near = List.copyOf(near);
  }

  /** True if it may be in the region. */
  public boolean permits(Region region) {
    return permitted.isEmpty() || permitted.contains(region);
  }

  /** Returns the wish of a conference as its allocation is now. */
  static RegionWish of(Conference conference, Allocation allocation) {
    Placement placement = conference.options().placement();
    MediaServer server = allocation.server();
    return new RegionWish(
        placement.allowed(),
        placement.mode() == Placement.Mode.PINNED,
        allocation.near(),
        server == null ? null : server.region());
  }
}
