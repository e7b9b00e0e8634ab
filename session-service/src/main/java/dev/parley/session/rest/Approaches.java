package dev.parley.session.rest;

import dev.parley.common.id.Region;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.Refusal;
import dev.parley.session.conference.RegionDistance;
import dev.parley.session.media.RegionCensus;
import dev.parley.session.placement.RegionGuide;
import dev.parley.session.placement.RegionProbe;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** From where people come to conferences: what they measured, and their address. Thread-safe. */
final class Approaches {
  private static final int NAME_LENGTH_MAX = 64;
  private static final int REGIONS_MAX = 32;
  private static final int RTTS_MAX = 16;
  private static final double RTT_MS_MAX = 60_000;
  private static final int AGE_SEC_MAX = 86_400;

  private final RestApi.Geography geography;

  Approaches(RestApi.Geography geography) {
    this.geography = geography;
  }

  /** Reads what a client measured; nothing if it does not say. */
  static List<RegionProbe> probes(JsonBody body) {
    List<RegionProbe> probes = new ArrayList<>();
    for (JsonBody each : body.objects("probes", REGIONS_MAX)) {
      Region region = region(each, "region");
      List<Double> rttMs = each.numbers("rttMs", RTTS_MAX, RTT_MS_MAX);
      int ageSec = each.integer("ageSec", 0, AGE_SEC_MAX, 0);
      if (region != null) {
        probes.add(new RegionProbe(region, rttMs, Duration.ofSeconds(ageSec)));
      }
    }
    return probes;
  }

  /** Reads the name of a region, which must be there. */
  static @Nullable Region region(JsonBody body, String field) {
    String name = body.requiredText(field, NAME_LENGTH_MAX);
    Region region = PlacementFields.region(name);
    if (region == null && !name.isEmpty()) {
      body.error(field, "must be the name of a region");
    }
    return region;
  }

  /** Ends the request if the conference is not and cannot be where it may be. */
  void requirePossible(Conference conference) {
    Refusal refusal = geography.placing().refusal(conference);
    if (refusal != null) {
      throw Refusals.problem(refusal).exception();
    }
  }

  /** Notes from where somebody has come. */
  void note(Context context, Participant stay, List<RegionProbe> probes) {
    List<Region> regions =
        geography.census().regions().stream().map(RegionCensus.Entry::region).toList();
    if (regions.size() > 1) {
      geography
          .placing()
          .approach(
              stay,
              distances(context, regions, probes).stream()
                  .map(distance -> new RegionDistance(distance.region(), distance.rttMs()))
                  .toList());
    }
  }

  /**
   * Returns the region that a client is in or next to, by its address; null if nobody knows.
   *
   * @param others regions to be considered beside those with media servers
   */
  @Nullable Region regionOf(Context context, Collection<Region> others) {
    Set<Region> known = new TreeSet<>(Comparator.comparing(Region::value));
    known.addAll(others);
    geography.census().regions().forEach(entry -> known.add(entry.region()));
    known.removeIf(region -> geography.guide().placeOf(region) == null);
    List<RegionGuide.Distance> distances = distances(context, List.copyOf(known), List.of());
    return distances.isEmpty() || distances.getFirst().via() != RegionGuide.Via.GEOIP
        ? null
        : distances.getFirst().region();
  }

  /** Returns how far regions are from the client, the nearest first. */
  List<RegionGuide.Distance> distances(
      Context context, List<Region> regions, List<RegionProbe> probes) {
    return geography.guide().distances(regions, geography.addresses().of(context), probes);
  }
}
