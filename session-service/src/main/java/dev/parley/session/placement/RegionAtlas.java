package dev.parley.session.placement;

import dev.parley.common.id.Region;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where regions and countries are. Immutable. */
public final class RegionAtlas {
  private final Map<Region, Place> regions;
  private final Map<String, GeoPoint> countries;

  /**
   * Takes what the operator says of regions; of those it says nothing of, and that are named like
   * AWS's, the place is known.
   */
  public RegionAtlas(Map<Region, Place> named) {
    regions = new HashMap<>(PlaceList.regions());
    regions.putAll(named);
    countries = PlaceList.countries();
  }

  /** A city that a region is named by, and where it is. */
  public record Place(String city, GeoPoint point) {}

  /** Returns where a region is, or null if nobody knows. */
  public @Nullable Place of(Region region) {
    return regions.get(region);
  }

  /** Returns the middle of a country, or null if there is no such country. */
  @Nullable GeoPoint middleOf(String country) {
    return countries.get(country);
  }
}
