package dev.parley.session.placement;

import dev.parley.common.id.Region;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's rule for where media and objects may be. Immutable.
 *
 * @param allowedRegions one at least
 * @param isDefault true if it holds for all that is the tenant's, beside what that names itself
 * @param isReadInside true if objects may be read from these regions only
 * @param metadataRegion in whose library the names and texts are of what it holds for; null if it
 *     says nothing of that
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record ResidencyPolicy(
    String tenant,
    String name,
    List<Region> allowedRegions,
    boolean isDefault,
    boolean isReadInside,
    @Nullable String metadataRegion,
    Instant updatedAt,
    long version) {
  /** What a name is like. */
  public static final String NAME_PATTERN = "[a-z0-9][a-z0-9-]{0,63}";

  /** Most regions that a policy may name. */
  public static final int REGIONS_MAX = 32;

  public ResidencyPolicy {
    allowedRegions = List.copyOf(allowedRegions);
    if (allowedRegions.isEmpty() || allowedRegions.size() > REGIONS_MAX) {
      throw new IllegalArgumentException("not 1 to 32 regions: " + allowedRegions.size());
    }
  }

  /** What a policy says, as its tenant puts it. */
  public record Rule(
      List<Region> allowedRegions,
      boolean isDefault,
      boolean isReadInside,
      @Nullable String metadataRegion) {
    public Rule {
      allowedRegions = List.copyOf(allowedRegions);
    }
  }

  /** Returns what it says. */
  public Rule rule() {
    return new Rule(allowedRegions, isDefault, isReadInside, metadataRegion);
  }

  /** Returns it with another version. */
  public ResidencyPolicy withVersion(long stored) {
    return new ResidencyPolicy(
        tenant, name, allowedRegions, isDefault, isReadInside, metadataRegion, updatedAt, stored);
  }
}
