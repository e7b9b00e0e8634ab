package dev.parley.session.library;

import dev.parley.session.conference.Conference;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where an object is to lie. Immutable.
 *
 * @param regions in one of these, the first that can be; empty for anywhere
 * @param near best there, or null
 * @param policies the residency policies that hold beside the tenant's defaults: the object's own
 *     and its conference's
 * @param channel whose policy holds, too, or null
 */
public record PlaceWish(
    List<String> regions,
    @Nullable String near,
    SortedSet<String> policies,
    @Nullable String channel) {
  /** Wherever its tenant's policies let it. */
  public static final PlaceWish ANYWHERE =
      new PlaceWish(List.of(), null, Collections.emptySortedSet(), null);

  public PlaceWish {
    regions = List.copyOf(regions);
    policies = Collections.unmodifiableSortedSet(new TreeSet<>(policies));
  }

  /** In a region, or anywhere if that is null. */
  public static PlaceWish in(@Nullable String region) {
    return region == null
        ? ANYWHERE
        : new PlaceWish(List.of(region), null, Collections.emptySortedSet(), null);
  }

  /** The same, under one policy more unless that is null. */
  public PlaceWish under(@Nullable String policy) {
    if (policy == null) {
      return this;
    }
    SortedSet<String> all = new TreeSet<>(policies);
    all.add(policy);
    return new PlaceWish(regions, near, all, channel);
  }

  /** The same, under the policies of a conference and its channel, if they have any. */
  public PlaceWish of(Conference conference) {
    PlaceWish all = under(conference.options().placement().residency());
    return new PlaceWish(all.regions, near, all.policies, conference.options().channel());
  }
}
