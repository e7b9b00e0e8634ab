package dev.parley.session.placement;

import dev.parley.common.id.Region;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells how far regions are from a client: as it measured, or else by the country of its address,
 * or else as from the region that the operator names. Thread-safe.
 */
public final class RegionGuide {
  private final RegionAtlas atlas;
  private final CountryLookup countries;
  private final @Nullable Region usual;

  /**
   * Takes what it needs.
   *
   * @param usual where clients of whom nothing is known are taken to be, or null for the first
   *     region in the order of their names
   */
  public RegionGuide(RegionAtlas atlas, CountryLookup countries, @Nullable Region usual) {
    this.atlas = atlas;
    this.countries = countries;
    this.usual = usual;
  }

  /** By what a distance is known. */
  public enum Via {
    /** The client has measured it. */
    PROBES,
    /** From the country of its address, as the crow flies. */
    GEOIP,
    /** It is a guess: from where the operator says that clients are. */
    CONFIGURED
  }

  /** How far a region is. */
  public record Distance(Region region, double rttMs, Via via) {}

  /** Where a region is, or null if nobody knows. */
  public RegionAtlas.@Nullable Place placeOf(Region region) {
    return atlas.of(region);
  }

  /**
   * Returns how far each of the regions is from a client, the nearest first.
   *
   * @param address the client's, or null if it is not known
   * @param probes what it measured; of regions that are not asked about, too
   */
  public List<Distance> distances(
      Collection<Region> regions, @Nullable InetAddress address, List<RegionProbe> probes) {
    Map<Region, Double> measured = new HashMap<>();
    for (RegionProbe probe : probes) {
      Double medianMs = probe.medianMs();
      if (medianMs != null) {
        measured.put(probe.region(), medianMs);
      }
    }
    String country = address == null ? null : countries.countryOf(address);
    GeoPoint point = country == null ? null : atlas.middleOf(country);
    // Beside what was measured, a mere guess counts for nothing.
    Region origin = point == null && measured.isEmpty() ? origin(regions) : null;
    return regions.stream()
        .map(region -> {
          Double rttMs = measured.get(region);
          if (rttMs != null) {
            return new Distance(region, rttMs, Via.PROBES);
          }
          return point != null
              ? new Distance(region, expectedRttMs(point, region), Via.GEOIP)
              : new Distance(region, expectedRttMs(origin, region), Via.CONFIGURED);
        })
        .sorted(
            Comparator.comparingDouble(Distance::rttMs)
                .thenComparing(distance -> distance.region().value()))
        .toList();
  }

  private @Nullable Region origin(Collection<Region> regions) {
    if (usual != null) {
      return usual;
    }
    return regions.stream().min(Comparator.comparing(Region::value)).orElse(null);
  }

  private double expectedRttMs(@Nullable Region from, Region to) {
    if (to.equals(from)) {
      return 0;
    }
    RegionAtlas.Place place = from == null ? null : atlas.of(from);
    return place == null ? RegionScore.FAR_MS : expectedRttMs(place.point(), to);
  }

  private double expectedRttMs(GeoPoint from, Region to) {
    RegionAtlas.Place place = atlas.of(to);
    return place == null ? RegionScore.FAR_MS : from.expectedRttMs(place.point());
  }
}
