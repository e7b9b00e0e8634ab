package dev.parley.session.placement;

import dev.parley.common.id.Region;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What all policies permit that hold for one thing: the regions that each of them names. Immutable.
 *
 * @param policies their names
 * @param regions null for any; empty if they have none in common, or if one of them is gone
 * @param isReadInside true if it may be read from these regions only
 * @param metadataRegions in whose libraries its names and texts are to be, as the policies say;
 *     more than one cannot be met
 */
public record Residency(
    SortedSet<String> policies,
    @Nullable SortedSet<String> regions,
    boolean isReadInside,
    SortedSet<String> metadataRegions) {
  /** No policy holds. */
  public static final Residency ANYWHERE =
      new Residency(Collections.emptySortedSet(), null, false, Collections.emptySortedSet());

  public Residency {
    policies = Collections.unmodifiableSortedSet(new TreeSet<>(policies));
    regions = regions == null ? null : Collections.unmodifiableSortedSet(new TreeSet<>(regions));
    metadataRegions = Collections.unmodifiableSortedSet(new TreeSet<>(metadataRegions));
  }

  /** Returns true if it may be in the region. */
  public boolean permits(String region) {
    return regions == null || regions.contains(region);
  }

  /**
   * Returns true if somebody in the region may read it.
   *
   * @param reader null if nobody knows where they are
   */
  public boolean permitsReading(@Nullable String reader) {
    return !isReadInside || (reader != null && permits(reader));
  }

  /** Returns the regions; none if any is permitted. */
  public SortedSet<String> named() {
    return Objects.requireNonNullElse(regions, Collections.emptySortedSet());
  }

  /** True if the policies want its names and texts in more than one place. */
  public boolean isMetadataTorn() {
    return metadataRegions.size() > 1;
  }

  /**
   * Returns the region in whose library its names and texts are to be, the first if there are
   * several; null if no policy says so.
   */
  public @Nullable String metadataRegion() {
    return metadataRegions.isEmpty() ? null : metadataRegions.first();
  }

  /** Returns what is left if another policy holds, too. */
  Residency and(ResidencyPolicy policy) {
    SortedSet<String> both = new TreeSet<>();
    for (Region region : policy.allowedRegions()) {
      if (permits(region.value())) {
        both.add(region.value());
      }
    }
    SortedSet<String> libraries = new TreeSet<>(metadataRegions);
    if (policy.metadataRegion() != null) {
      libraries.add(policy.metadataRegion());
    }
    return new Residency(
        with(policy.name()), both, isReadInside || policy.isReadInside(), libraries);
  }

  /** Returns what is left if a policy holds of which nobody knows any more what it said. */
  Residency andUnknown(String policy) {
    return new Residency(with(policy), Collections.emptySortedSet(), true, metadataRegions);
  }

  private SortedSet<String> with(String policy) {
    SortedSet<String> all = new TreeSet<>(policies);
    all.add(policy);
    return all;
  }
}
