package dev.parley.session.placement;

import dev.parley.common.id.Region;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which regions suit a conference. Immutable.
 *
 * @param permitted where it may be; empty if anywhere
 * @param inOrder true if the first of these that has room is meant, however far it is
 * @param rttMs how far regions are from those who come; a region that is not there is far away
 * @param host the region where it is or was until now, or null
 */
public record Preference(
    List<Region> permitted, boolean inOrder, Map<Region, Double> rttMs, @Nullable Region host) {
  /** Anywhere will do. */
  public static final Preference NONE = new Preference(List.of(), false, Map.of(), null);

  public Preference {
    permitted = List.copyOf(permitted);
    rttMs = Map.copyOf(rttMs);
  }

  /** That region alone. */
  public static Preference only(Region region) {
    return new Preference(List.of(region), true, Map.of(), null);
  }

  boolean permits(Region region) {
    return permitted.isEmpty() || permitted.contains(region);
  }

  /** True if all permitted regions are as good as each other. */
  boolean isIndifferent() {
    return !inOrder && rttMs.isEmpty() && host == null;
  }

  /**
   * Returns how well a region suits, in milliseconds that nobody need ever measure: less is better.
   *
   * @param load how busy the region is, 0.0 to 1.0
   */
  double costMs(Region region, double load) {
    return inOrder
        ? permitted.indexOf(region)
        : RegionScore.costMs(
            rttMs.getOrDefault(region, RegionScore.FAR_MS), load, region.equals(host));
  }
}
