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
 */
public record Residency(
    SortedSet<String> policies, @Nullable SortedSet<String> regions, boolean isReadInside) {
  /** No policy holds. */
  public static final Residency ANYWHERE = new Residency(Collections.emptySortedSet(), null, false);

  public Residency {
    policies = Collections.unmodifiableSortedSet(new TreeSet<>(policies));
    regions = regions == null ? null : Collections.unmodifiableSortedSet(new TreeSet<>(regions));
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

  /** Returns what is left if another policy holds, too. */
  Residency and(ResidencyPolicy policy) {
    SortedSet<String> both = new TreeSet<>();
    for (Region region : policy.allowedRegions()) {
      if (permits(region.value())) {
        both.add(region.value());
      }
    }
    return new Residency(with(policy.name()), both, isReadInside || policy.isReadInside());
  }

  /** Returns what is left if a policy holds of which nobody knows any more what it said. */
  Residency andUnknown(String policy) {
    return new Residency(with(policy), Collections.emptySortedSet(), true);
  }

  private SortedSet<String> with(String policy) {
    SortedSet<String> all = new TreeSet<>(policies);
    all.add(policy);
    return all;
  }
}
